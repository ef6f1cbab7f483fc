"""Demo data: an invented newsroom, twelve invented organisations and what they sent in the last ten days.

`newsroom.json` and `organisations.json` say who there is; `releases/<kind>.json` hold the releases. Each has a
`story`, whose times are offsets before the moment of loading: `{"state": "published", "sent": "-3d 4h",
"decided": "-3d 2h", "editor": "priya"}`. Everything goes through the actions that a person's click would call,
with `now` in the past, so timelines, references and the audit chain are real.

Days inside the texts are placeholders, counted from the day of loading in the site's zone:

    {date:+12d}           6 December 2026      {daymonth:+12d}   6 December
    {weekday:+12d}        Sunday               {month:+12d}      December 2026       {year:+12d}   2026
    {iso:+12d}            2026-12-06           {isotime:+12d 19:30}   2026-12-06T19:30
    {numeric:+12d}        6.12.2026            for languages whose dates are not written here
    {date@vi:+12d}        6 tháng 12, 2026     any of these in another language (id, ms, vi, zh …)
    {date:+12d sat}       the first Saturday from that day on; for a day that is past, the last one up to it
    {date:+12d sat+1}     the day after that Saturday
"""

from portal.demo.loading import NotEmpty, load
from portal.demo.people import Login

__all__ = ["Login", "NotEmpty", "load"]
