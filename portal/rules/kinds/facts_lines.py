"""Single rows of the facts box. What cannot be read is left out: a public page never shows a broken date."""

from portal.rules import money
from portal.rules.kinds.fields import Values, typed
from portal.rules.kinds.kind import FactLine, Say
from portal.rules.reading import IMMEDIATE, read_date, read_datetime, read_whole, zone_or_none
from portal.rules.shown_times import long_date, offset_name

LONGEST_UNBROKEN = 24  # characters that stay on one line in a narrow column


def line(label: str, text: str) -> FactLine:
    return FactLine(label, text)


def number_line(label: str, text: str) -> FactLine:
    return FactLine(label, grouped(text), unbroken=read_whole(text) is not None)


def day_line(label: str, text: str, say: Say) -> FactLine:
    """A date as `6 April 2026`; `immediate` as "At once"."""
    if text == IMMEDIATE:
        return FactLine(label, say("At once"))
    day = read_date(text)
    return FactLine(label, long_date(day) if day else "", unbroken=True)


def moment_line(label: str, text: str, zone_name: str) -> FactLine:
    """A local time with its zone: `4 April 2026, 19:00 GMT+8`; without the zone where that cannot be read."""
    moment, zone = read_datetime(text), zone_or_none(zone_name)
    if moment is None:
        return FactLine(label, "")
    suffix = f" {offset_name(moment.replace(tzinfo=zone))}" if zone else ""
    return FactLine(label, f"{long_date(moment)}, {moment:%H:%M}{suffix}")


def amount_line(label: str, values: Values) -> FactLine:
    """`USD 2,500,000`, `95,000 rupiah`; words are long, and may be parted."""
    text = money.amount_with_currency(grouped(typed(values, "amount")), typed(values, "currency"))
    return FactLine(label, text, unbroken=len(text) <= LONGEST_UNBROKEN)


def grouped(text: str) -> str:
    """`2500000` as `2,500,000`; whatever the sender grouped or worded already stays as typed."""
    return f"{int(text):,}" if text.isascii() and text.isdigit() and 4 <= len(text) <= 15 else text
