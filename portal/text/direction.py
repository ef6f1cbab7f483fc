"""Which way a language is written, so that pages and feeds agree."""

_RIGHT_TO_LEFT = frozenset("ar ckb dv fa he ks ps sd syr ug ur yi".split())
_RIGHT_TO_LEFT_SCRIPTS = frozenset("arab hebr thaa syrc nkoo rohg".split())


def direction_of(language: str) -> str:
    """`rtl` or `ltr` for a BCP 47 tag; the script decides where the tag names one."""
    first, *rest = (language or "en").lower().split("-")
    scripts = [part for part in rest if len(part) == 4 and part.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if first in _RIGHT_TO_LEFT else "ltr"
