"""Mail and web addresses as they are compared: whose mailbox, whose site, whose name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from anyascii import anyascii
from email_validator import EmailNotValidError, validate_email

from portal.rules.reading import is_url
from portal.text import gates
from portal.text.hosts import ascii_host
from portal.text.links import LONGEST_ADDRESS, safe_address
from portal.text.mailboxes import LONGEST_LOCAL_PART

if TYPE_CHECKING:
    from tldextract import TLDExtract

# One site, many owners: there the first part of the path tells them apart.
SHARED_SITES = frozenset(
    "bit.ly facebook.com fb.com fb.me goo.gl google.com instagram.com linkedin.com linktr.ee medium.com "
    "pinterest.com shopee.sg t.me telegram.me tiktok.com tumblr.com twitter.com viber.com wa.me wordpress.com "
    "x.com youtube.com".split()
)
LEGAL_FORMS = frozenset(
    "bhd cc co company corp corporation cv inc incorporated jsc limited llc llp ltd pcl plc pt pte pty sdn "
    "tbk".split()
)
LONGEST_TYPED = 1_000
"""Characters of an address as typed, blanks around it included. Nothing longer is looked at."""
_NOT_PLAIN = re.compile("[^a-z0-9]+")
_COPIED_WITH_IT = re.compile(r"\Amailto:(?=\S)", re.IGNORECASE)


def mail_address(typed: str) -> str | None:
    """The address in lower case, as accounts are found by it; None where it is none."""
    if len(typed) > LONGEST_TYPED:
        return None
    try:
        found = validate_email(
            mail_typed(typed), check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError:
        return None
    address = (found.ascii_email or "").lower()
    fits = 0 < len(address) <= 254 and address.index("@") <= LONGEST_LOCAL_PART
    return address if fits else None


LONGEST_WEBSITE = 300
_SCHEME = re.compile(r"https?:/{1,2}(?=[^/])", re.IGNORECASE)


def web_address(typed: str) -> str | None:
    """The site of a house: as `completed`; empty stays empty, nonsense and more than 300 characters are None."""
    address = completed(typed)
    return address if address is None or len(address) <= LONGEST_WEBSITE else None


def completed(typed: str) -> str | None:
    """An http or https address, completed where somebody left `https://` out, as in `www.example.org` and
    `facebook.com/x`; a gate that a mail program put before it goes. Empty stays empty, nonsense is None.
    """
    if len(typed) > LONGEST_ADDRESS:
        return None
    address = typed.strip()
    if not address:
        return ""
    scheme = _SCHEME.match(address)
    if scheme:
        address = f"{scheme[0].partition(':')[0].lower()}://{address[scheme.end() :]}"
    elif "://" not in address:
        address = f"https://{address.removeprefix('//')}"
    host = urlsplit_host(address)
    if "@" in host or not is_url(address) or not ascii_host(urlsplit(address).hostname or ""):
        return None
    return _opened(address)


def _opened(address: str) -> str:
    """As typed, unless it leads through a gate or names a press or a person."""
    has_gate = gates.behind(address) or gates.without_personal_parts(address) != address
    return safe_address(address) if has_gate else address


def mail_typed(typed: str) -> str:
    """A mail address without the `mailto:` that was copied with it."""
    return _COPIED_WITH_IT.sub("", typed.strip())


def urlsplit_host(address: str) -> str:
    """The host part as typed, with user and port; empty where the address cannot be cut."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def site_key(website: str) -> str:
    """Whose site an address is: the domain that somebody registered, or their page on a shared site."""
    if not website:
        return ""
    parts = urlsplit(website)
    host = ascii_host(parts.hostname or "").removeprefix("www.")
    domain = _registered()(host).top_domain_under_public_suffix or host
    page = parts.path.strip("/").partition("/")[0].lower()
    key = f"{domain}/{page}" if domain in SHARED_SITES and page else domain
    return "" if domain in SHARED_SITES and not page else key[:253]


def name_key(name: str) -> str:
    """Names that a reader would take for one another have one key: case, script, legal form and marks go."""
    plain = anyascii(unicodedata.normalize("NFKC", name)).lower().replace(".", "").replace("&", " and ")
    words = [word for word in _NOT_PLAIN.split(plain) if word]
    telling = [word for word in words if word not in LEGAL_FORMS] or words
    return "".join(telling)[:200]


@cache
def _registered() -> TLDExtract:
    """From the list that came with the library: nothing is fetched, nothing is kept on disk. Loaded late: it brings half a second."""
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
