"""What stands in a story and has a place of its own: the dateline, a line to ring or write to, the About text.

One rule for the advice that names it and for the button that moves it. All functions take plain text.
"""

import re

_TYPED_DATELINE = re.compile(r"\A\s*[^\W\d_][^\n.!?–—]{1,60}\s[–—-]\s")
_SHOUTED_DATELINE = re.compile(r"\A\s*[^\W\d_]{3,}[^\n.!?–—]{0,60}?\s[–—]\s")
_CONTACT_LABEL = (
    r"[ \t]*(?:(?:media|press|public|for (?:more )?(?:information|details|enquiries)[, ]*(?:please )?)[ ]?)?"
    r"(?:contacts?|enquiries|kontak|hubungi|liên hệ|ติดต่อ|ဆက်သွယ်ရန်|联系(?:人|方式)?|聯絡(?:人)?)(?: us)?\s?[:：–-]?\s"
)
_CONTACT_LINE = re.compile(
    rf"^{_CONTACT_LABEL}[^\n]{{0,200}}?(?:@|[0-9၀-၉๐-๙][0-9၀-၉๐-๙ ()/-]{{5,}})",
    re.IGNORECASE | re.MULTILINE,
)
_LABEL_OF_A_CONTACT = re.compile(rf"\A{_CONTACT_LABEL}", re.IGNORECASE)
_ABOUT_US = re.compile(
    r"^[ \t]*about (?:us|the (?:club|company|organi[sz]ation|group))\b[ \t]*(?:[:：–-]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_MAIL = re.compile(r"[^\s@<>(),;:]{1,64}@[^\s@<>(),;:]{1,200}[^\s@<>(),;:.]")
_NUMBER = re.compile(r"\+?\(?[0-9၀-၉๐-๙][0-9၀-၉๐-๙ ()/.-]{4,30}[0-9၀-၉๐-๙]")
_NAME = re.compile(r"[^\W\d_][^\d_@,;:()|/+–—]{1,60}")
_BEFORE_AN_ADDRESS = re.compile(r"\s+(?:at|on|by|via|e-?mail|tel|phone|call|ring)\b.*\Z", re.IGNORECASE)
LONGEST_LINE = 400  # characters; a line to ring somebody is far shorter


def dateline(story: str, city: str) -> str:
    """The dateline with which a story begins, with its dash; "" where there is none.

    It is one where it names the city of the release, or stands in capitals before a long dash.
    """
    typed = _TYPED_DATELINE.match(story)
    if city and typed and story.lstrip().casefold().startswith(city.casefold()):
        return typed[0]
    shouted = _SHOUTED_DATELINE.match(story)
    return shouted[0] if shouted and shouted[0].split()[0].isupper() else ""


def place_of(found: str) -> str:
    """The town that a dateline names, with a capital for each word: `HILLTOWN, Perak –` is Hilltown."""
    town = re.split(r"[,(–—]|\s-\s", found, maxsplit=1)[0].strip()
    return town.title() if town.isupper() else town


def has_contact(story: str) -> bool:
    return _CONTACT_LINE.search(story) is not None


def is_contact(line: str) -> bool:
    return len(line) <= LONGEST_LINE and _CONTACT_LINE.match(line) is not None


def contact_in(line: str) -> dict[str, str]:
    """The answers of the contact page that such a line gives; only those that can be told apart."""
    rest = _LABEL_OF_A_CONTACT.sub("", line, count=1)
    mail, number = _MAIL.search(rest), _NUMBER.search(rest)
    name = _NAME.match(rest.lstrip())
    found = {
        "contact_name": _BEFORE_AN_ADDRESS.sub("", name[0]).strip(" -.")
        if name and not _is_mail(rest)
        else "",
        "contact_email": mail[0] if mail else "",
        "contact_phone": number[0].strip() if number else "",
    }
    return {field: text for field, text in found.items() if text}


def _is_mail(rest: str) -> bool:
    return _MAIL.match(rest.lstrip()) is not None


def has_about(story: str, name: str) -> bool:
    """`name`: that of the organisation without its legal ending."""
    return _ABOUT_US.search(story) is not None or (
        bool(name) and f"\nabout {name.casefold()}" in story.casefold()
    )


def begins_about(line: str, name: str) -> bool:
    return _ABOUT_US.match(line) is not None or (
        bool(name) and line.casefold().startswith(f"about {name.casefold()}")
    )


def without_about_heading(text: str, name: str) -> str:
    """What an About text says, without the line or the label that only names it."""
    first, _, more = text.partition("\n")
    if _ABOUT_US.match(first):
        first = _ABOUT_US.sub("", first, count=1)
    elif first.casefold().strip(" :–-") == f"about {name.casefold()}":
        first = ""
    return f"{first.strip()}\n{more}".strip()
