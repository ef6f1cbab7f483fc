"""Amounts of money: the currency is named once, whether the sender put it into the amount or beside it."""

from __future__ import annotations

import re

# How an amount names a currency, by code. A sign of several letters counts only as a word of its own.
NAMES: dict[str, tuple[str, ...]] = {
    "IDR": ("rp", "rupiah", "rupiahs"), "MYR": ("rm", "ringgit"), "SGD": ("s$", "sg$", "singapore dollars", "singapore dollar"),
    "THB": ("฿", "baht", "บาท"), "VND": ("₫", "đ", "đồng", "dong", "vnđ"), "PHP": ("₱", "p", "peso", "pesos", "piso"),
    "MMK": ("k", "ks", "kyat", "kyats", "ကျပ်"), "KHR": ("៛", "riel", "riels", "រៀល"), "LAK": ("₭", "kip", "ກີບ"),
    "BND": ("b$", "brunei dollars"), "USD": ("us$", "u.s.$", "us dollars", "us dollar", "u.s. dollars", "usd$"),
    "EUR": ("€", "euro", "euros"), "GBP": ("£", "pound", "pounds", "sterling"), "JPY": ("¥", "jp¥", "yen", "円", "日元", "日圓"),
    "CNY": ("¥", "cn¥", "rmb", "yuan", "renminbi", "元", "人民币", "人民幣"), "HKD": ("hk$", "港元", "港币"), "TWD": ("nt$", "新台幣"),
    "KRW": ("₩", "won", "원"), "INR": ("₹", "rs", "rs.", "rupee", "rupees"), "AUD": ("a$", "au$", "australian dollars"),
    "NZD": ("nz$", "new zealand dollars"), "CAD": ("c$", "ca$", "canadian dollars"), "CHF": ("fr.", "sfr", "francs"),
    "LKR": ("rs", "rs."), "PKR": ("rs", "rs."), "BDT": ("৳", "taka"), "RUB": ("₽", "roubles", "rubles"), "TRY": ("₺", "lira"),
    "BWP": ("p", "pula"),
}  # fmt: skip
# Names that several currencies share say nothing against any of them.
_DOLLARS = frozenset("USD SGD BND AUD NZD CAD HKD TWD".split())
_SHARED = {
    "$": _DOLLARS,
    "dollar": _DOLLARS,
    "dollars": _DOLLARS,
    "元": frozenset(("CNY", "HKD", "TWD", "SGD")),
}
_ANY_DOLLAR = re.compile(r"\$|\bdollars?\b", re.IGNORECASE)
_LETTER = r"[^\W\d_]"


def named_in(amount: str) -> frozenset[str]:
    """The codes of the currencies that this amount may mean by what it says; empty where it names none."""
    text = amount.casefold()
    for name, codes in _NAMES_LONGEST_FIRST:
        if name in text and _stands_alone(name, text):
            return codes
    return frozenset()


def amount_with_currency(amount: str, currency: str) -> str:
    """`USD 2,500,000` with a code, `RM 500` with a sign, `95,000 rupiah` with a word, and the amount alone where it names
    its currency itself."""
    meant = named_in(amount)
    if is_code(currency) and len(meant) > 1 and currency.upper() in meant and _ANY_DOLLAR.search(amount):
        amount, meant = " ".join(_ANY_DOLLAR.sub(" ", amount).split()), frozenset()
    if not amount or not currency or currency.casefold() in amount.casefold() or meant:
        return amount
    if is_code(currency):
        return f"{currency.upper()} {amount}"
    return f"{currency} {amount}" if _is_sign(currency) else f"{amount} {currency}"


def disagree(amount: str, currency: str) -> bool:
    """Does the amount name another currency than the field beside it?"""
    meant = frozenset((currency.upper(),)) if is_code(currency) else named_in(currency)
    return bool(meant and named_in(amount) and not meant & named_in(amount))


def is_code(currency: str) -> bool:
    return (
        len(currency) == 3 and currency.isalpha() and currency.isascii() and currency.casefold() not in _WORDS
    )


def _is_sign(currency: str) -> bool:
    return not currency[-1:].isalpha() or currency.casefold() in ("rp", "rm", "k", "ks", "rs")


def _stands_alone(name: str, text: str) -> bool:
    """A word of Latin letters among others is none of ours; `k` and `p` are one before a number only, behind it a thousand and a penny."""
    before = rf"(?<!{_LETTER})" if name[0] == "$" or _is_latin(name[0]) else ""
    after = r"\s?(?=[0-9])" if name in ("k", "p") else rf"(?!{_LETTER})" if _is_latin(name[-1]) else ""
    return re.search(before + re.escape(name) + after, text) is not None


def _is_latin(letter: str) -> bool:
    return (letter.isalpha() and letter < "\u0250") or "\u1e00" <= letter < "\u1f00"


def _by_name() -> list[tuple[str, frozenset[str]]]:
    found: dict[str, frozenset[str]] = dict(_SHARED)
    for code, names in NAMES.items():
        for name in (*names, code.casefold()):
            found[name] = found.get(name, frozenset()) | {code}
    return sorted(found.items(), key=lambda pair: -len(pair[0]))


_NAMES_LONGEST_FIRST = _by_name()
_WORDS = frozenset(name for names in NAMES.values() for name in names)
