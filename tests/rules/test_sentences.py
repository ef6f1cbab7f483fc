"""What a sender reads beside a form, whole: the field, the code, the sentence, what helps, and the page to mend it on."""

import pytest

from portal.rules.issues import Issue, advice, blocking
from tests.rules.examples import EXAMPLES, issues_of, measured

LEAD = "Selat Biru Ferries starts a nightly ferry between Surabaya and Kalianget on 1 May 2026."
FERRY = EXAMPLES["business"]["body"]
Case = tuple[str, dict[str, str], dict[str, object], list[Issue]]
CASES: list[Case] = [
    (
        "business",
        {"story": f"{LEAD} It is a world-class ship."},
        {},
        [
            advice(
                "HYPE",
                "body",
                "“world-class” is praise, not news. Editors ask for such words to be cut.",
                mend="Say what can be counted or checked.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {"story": f"{LEAD} It is world-class, cutting-edge, unmatched, unprecedented."},
        {},
        [
            advice(
                "HYPE",
                "body",
                "“world-class”, “cutting-edge”, “unmatched” are praise, not news. Editors ask for such words to be cut.",
                mend="Say what can be counted or checked.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {"headline": "Selat Biru Ferries starts an unparalleled, revolutionary night ferry"},
        {},
        [
            advice(
                "HYPE",
                "headline",
                "“unparalleled”, “revolutionary” are praise, not news. Editors ask for such words to be cut.",
                mend="Say what can be counted or checked.",
                page="news",
            ),
        ],
    ),
    (
        "business",
        {"subheadline": "An unrivalled crossing!"},
        {},
        [
            advice(
                "HYPE",
                "subheadline",
                "“unrivalled” is praise, not news. Editors ask for such words to be cut.",
                mend="Say what can be counted or checked.",
                page="news",
            ),
            advice(
                "HYPE",
                "subheadline",
                "The headline has an exclamation mark. End the sentence with a full stop.",
                page="news",
            ),
        ],
    ),
    (
        "business",
        {
            "summary": "Our incredible ferry crosses every night! It replaces an afternoon boat and brings 22 new jobs to the ports of both towns on Madura."
        },
        {},
        [
            advice(
                "HYPE",
                "summary",
                "“incredible” is praise, not news. Editors ask for such words to be cut.",
                mend="Say what can be counted or checked.",
                page="news",
            ),
            advice(
                "HYPE",
                "summary",
                "The summary has an exclamation mark. End the sentence with a full stop.",
                page="news",
            ),
            advice(
                "DIRECT_ADDRESS",
                "summary",
                "“Our” outside a quote speaks to the reader or for the sender. Write as a reporter would: “the company”, “visitors”.",
                page="news",
            ),
        ],
    ),
    (
        "business",
        {"story": f"{LEAD} What a crossing! “Come!” they say."},
        {},
        [
            advice(
                "HYPE",
                "body",
                "The story has an exclamation mark. End the sentence with a full stop.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {"story": f"{LEAD} Bring your car."},
        {},
        [
            advice(
                "DIRECT_ADDRESS",
                "body",
                "“your” outside a quote speaks to the reader or for the sender. Write as a reporter would: “the company”, “visitors”.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {"headline": "Will Selat Biru Ferries sail to Kalianget at night？"},
        {},
        [
            advice("HEADLINE", "headline", "The headline asks a question. Say the answer.", page="news"),
        ],
    ),
    (
        "business",
        {"headline": "Will Selat Biru Ferries sail to Kalianget at night؟"},
        {},
        [
            advice("HEADLINE", "headline", "The headline asks a question. Say the answer.", page="news"),
        ],
    ),
    (
        "business",
        {"headline": "How to reach Kalianget with Selat Biru Ferries?"},
        {},
        [
            advice("HEADLINE", "headline", "The headline asks a question. Say the answer.", page="news"),
            advice(
                "HEADLINE", "headline", "“How to” promises advice, not news. Say who does what.", page="news"
            ),
        ],
    ),
    (
        "business",
        {"headline": "Selat Biru Ferries starts a night ferry to Kalianget."},
        {},
        [
            advice("HEADLINE", "headline", "The headline ends with a full stop. Leave it out.", page="news"),
        ],
    ),
    ("business", {"headline": "Selat Biru Ferries starts a night ferry to Kalianget..."}, {}, []),
    (
        "business",
        {"headline": "Ferry starts"},
        {},
        [
            advice(
                "HEADLINE", "headline", "The headline has 12 characters. 40 to 90 read best.", page="news"
            ),
        ],
    ),
    (
        "business",
        {"headline": "Ferry"},
        {},
        [
            blocking("HEADLINE", "headline", "The headline has 5 characters. Write 10 or more.", page="news"),
        ],
    ),
    (
        "business",
        {"headline": "F"},
        {},
        [
            blocking("HEADLINE", "headline", "The headline has 1 character. Write 10 or more.", page="news"),
        ],
    ),
    (
        "business",
        {"headline": "Selat Biru Ferries starts " + "a night ferry " * 7},
        {},
        [
            advice(
                "HEADLINE", "headline", "The headline has 124 characters. 40 to 90 read best.", page="news"
            ),
        ],
    ),
    (
        "business",
        {"headline": "Selat Biru Ferries starts " + "a night ferry " * 12},
        {},
        [
            blocking(
                "HEADLINE", "headline", "The headline has 194 characters. Keep 170 or fewer.", page="news"
            ),
        ],
    ),
    (
        "business",
        {"headline": "Selat Biru Ferries puts a new boat on its run to Kalianget by day and by night"},
        {},
        [
            advice("HEADLINE", "headline", "The headline has 17 words. 15 or fewer read best.", page="news"),
        ],
    ),
    (
        "business",
        {"subheadline": "x" * 251},
        {},
        [
            blocking(
                "HEADLINE",
                "subheadline",
                "The second line of the headline has 251 characters. Keep 250 or fewer.",
                page="news",
            ),
        ],
    ),
    (
        "business",
        {"summary": "x" * 251},
        {},
        [
            blocking("LENGTH", "summary", "The summary has 251 characters. Keep 250 or fewer.", page="news"),
        ],
    ),
    (
        "business",
        {"summary": "x" * 201},
        {},
        [
            advice(
                "LENGTH",
                "summary",
                "The summary has 201 characters. 120 to 200 fit the lists and the daily e-mail.",
                page="news",
            ),
        ],
    ),
    (
        "business",
        {"summary": "A night ferry."},
        {},
        [
            advice(
                "LENGTH",
                "summary",
                "The summary has 14 characters. 120 to 200 fit the lists and the daily e-mail.",
                page="news",
            ),
        ],
    ),
    (
        "business",
        {"summary": EXAMPLES["business"]["headline"].upper()},
        {},
        [
            advice(
                "LENGTH",
                "summary",
                "The summary has 61 characters. 120 to 200 fit the lists and the daily e-mail.",
                page="news",
            ),
            advice(
                "HEADLINE",
                "summary",
                "The summary repeats the headline. Add a fact, or leave it empty.",
                page="news",
            ),
            advice(
                "FORMAT",
                "summary",
                "“SELAT BIRU FERRIES STARTS A NIGHT FERRY TO KALIANGET ON” is in capitals. Write it in ordinary letters.",
                page="news",
            ),
        ],
    ),
    (
        "business",
        {"summary": FERRY.split("\n\n")[0]},
        {},
        [
            advice(
                "WRITING",
                "summary",
                "The summary copies the first paragraph. Say it in other words, or leave it empty.",
                page="news",
            ),
        ],
    ),
    (
        "business",
        {"story": "A dream comes true."},
        {},
        [
            advice(
                "WEAK_LEAD",
                "body",
                "The first paragraph is very short. Say who does what, where and when.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {"story": "Selat Biru Ferries and its many friends dream of a better crossing for all."},
        {},
        [
            advice(
                "WEAK_LEAD",
                "body",
                "The first paragraph does not say when. Name the day or the month.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {"story": "Selat Biru Ferries sails on 1 May " + "and then again " * 20},
        {},
        [
            advice("WEAK_LEAD", "body", "The first paragraph has 67 words. Keep it under 60.", page="story"),
        ],
    ),
    (
        "business",
        {
            "story": "A ferry sails from Surabaya to Kalianget every night from 1 May on.",
            "headline": "A night ferry sails to the island of Madura",
            "subheadline": "",
            "summary": "",
        },
        {},
        [
            advice(
                "NO_SOURCE",
                "body",
                "Neither the headline nor the first paragraph names Selat Biru Ferries. Say early who announces this.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {"story": f"{LEAD} THIS IS A GREAT DAY."},
        {},
        [
            advice(
                "FORMAT",
                "body",
                "“THIS IS A GREAT DAY.” is in capitals. Write it in ordinary letters.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {"subheadline": "TRADERS FROM MADURA REACH THE MARKETS"},
        {},
        [
            advice(
                "FORMAT",
                "subheadline",
                "“TRADERS FROM MADURA REACH THE MARKETS” is in capitals. Write it in ordinary letters.",
                page="news",
            ),
        ],
    ),
    (
        "business",
        {"body": f"{FERRY}\n\n###"},
        {},
        [
            advice("FORMAT", "body", "“###” is not printed. Leave it out; we set such marks.", page="story"),
        ],
    ),
    (
        "business",
        {"body": f"FOR IMMEDIATE RELEASE\n\n{FERRY}"},
        {},
        [
            advice(
                "LENGTH",
                "body",
                "The story has 149 words. That is short. We advise 250 to 800 for this kind of news.",
                mend="You can send it as it is.",
                page="story",
            ),
            advice(
                "WEAK_LEAD",
                "body",
                "The first paragraph is very short. Say who does what, where and when.",
                page="story",
            ),
            advice(
                "FORMAT",
                "body",
                "“FOR IMMEDIATE RELEASE” is not printed. Leave it out; we set such marks.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {"body": f"SURABAYA, Indonesia – {FERRY}"},
        {},
        [
            advice(
                "LENGTH",
                "body",
                "The story has 148 words. That is short. We advise 250 to 800 for this kind of news.",
                mend="You can send it as it is.",
                page="story",
            ),
            advice(
                "FORMAT",
                "body",
                "The story begins with a dateline. Leave it out; we add it.",
                page="story",
                move="dateline",
            ),
        ],
    ),
    (
        "business",
        {"body": f"{FERRY}\n\nAbout Selat Biru Ferries\n\nSince 1987."},
        {},
        [
            advice(
                "LENGTH",
                "body",
                "The story has 152 words. That is short. We advise 250 to 800 for this kind of news.",
                mend="You can send it as it is.",
                page="story",
            ),
            advice(
                "FORMAT",
                "body",
                "The story ends with an About text. Leave it out; we add yours.",
                page="story",
                move="about",
            ),
        ],
    ),
    (
        "business",
        {"body": FERRY.replace("Friday 1 May", "Thursday 1 May")},
        {},
        [
            advice(
                "FACTS",
                "body",
                "1 May 2026 is a Friday, not a Thursday. Check which of the two is right.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {
            "summary": "A ferry with room for 310 passengers and 40 cars crosses from Monday, the 2nd of May, on. It replaces an afternoon boat for the traders."
        },
        {},
        [
            advice(
                "FACTS",
                "summary",
                "2 May 2026 is a Saturday, not a Monday. Check which of the two is right.",
                page="news",
            ),
        ],
    ),
    *(
        (
            "sports",
            {"away_score": score},
            {},
            [
                advice(
                    "FACTS",
                    "away_score",
                    f"Score of the away side: “{score}” is not a whole number. It is shown as you typed it. Check that it is right.",
                    page="facts",
                ),
            ],
        )
        for score in (
            "2½",
            "41.25",
            "-12",
            "6-4 6-3",
            "2-11",
            "W/O",
            "245 all out",
            "312 & 198/7d",
            "3 - 2",
            "DNF",
        )
    ),
    ("business", {"amount": "฿500", "currency": ""}, {}, []),
    (
        "business",
        {"amount": "US$5 million", "currency": "SGD"},
        {},
        [
            advice(
                "FACTS",
                "currency",
                "The amount “US$5 million” names another currency than “SGD”. Check which of the two is right.",
                page="facts",
            ),
        ],
    ),
    (
        "business",
        {"amount": "5000", "currency": ""},
        {},
        [
            advice(
                "FACTS",
                "currency",
                "The amount has no currency. Write its three letters, such as MMK.",
                page="facts",
            ),
        ],
    ),
    (
        "business",
        {"jobs": "some " * 20},
        {},
        [
            advice(
                "FACTS",
                "jobs",
                "Jobs: “some some some some some some some some some some some some ” is not a number. Write it in figures.",
                page="facts",
            ),
        ],
    ),
    (
        "business",
        {"news_kind": "contract", "counterpart": "", "counterpart_consent": ""},
        {},
        [
            advice(
                "FACTS",
                "counterpart",
                "News of this kind has two sides. Name the other organisation.",
                page="facts",
            ),
        ],
    ),
    (
        "business",
        {"news_kind": "partnership", "counterpart": "", "counterpart_consent": ""},
        {},
        [
            advice(
                "FACTS",
                "counterpart",
                "News of this kind has two sides. Name the other organisation.",
                page="facts",
            ),
        ],
    ),
    (
        "business",
        {"news_kind": "merger", "counterpart": "", "counterpart_consent": ""},
        {},
        [
            advice(
                "FACTS",
                "counterpart",
                "News of this kind has two sides. Name the other organisation.",
                page="facts",
            ),
        ],
    ),
    (
        "business",
        {"counterpart_consent": ""},
        {},
        [
            blocking(
                "THIRD_PARTY",
                "counterpart_consent",
                "Confirm that the other organisation has agreed to be named.",
                mend="Keep the letter or mail: an editor may ask for it.",
                page="facts",
            ),
        ],
    ),
    (
        "business",
        {"quotes-0-speaker": "", "quotes-1-speaker": "An"},
        {},
        [
            advice("FACTS", "quotes-0-speaker", "The quote has no speaker. Write who said it.", page="story"),
            advice(
                "FACTS",
                "quotes-1-text",
                "There is a speaker without words. Write what was said.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {"contact_phone": "12"},
        {},
        [
            advice(
                "CONTACT",
                "contact_phone",
                "Public telephone number: “12” has fewer than 6 digits. Write the number with its country code.",
                page="contact",
            ),
        ],
    ),
    (
        "business",
        {"newsroom_phone": "0811 5550 0163", "contact_phone": "0811 555"},
        {},
        [
            advice(
                "CONTACT",
                "contact_phone",
                "The number has no country code. Write it like +95 67 555 0142.",
                page="contact",
            ),
            advice(
                "CONTACT",
                "newsroom_phone",
                "The number has no country code. Write it like +95 67 555 0142.",
                page="contact",
            ),
        ],
    ),
    (
        "business",
        {"effective_date": "2026-01-01"},
        {},
        [
            advice(
                "STALE",
                "effective_date",
                "1 January 2026 is more than 30 days ago. Check the date; tell the editors why it is still news.",
                page="facts",
            ),
        ],
    ),
    ("business", {"effective_date": "2026-02-22"}, {}, []),
    (
        "business",
        {"effective_date": "2026-02-21"},
        {},
        [
            advice(
                "STALE",
                "effective_date",
                "21 February 2026 is more than 30 days ago. Check the date; tell the editors why it is still news.",
                page="facts",
            ),
        ],
    ),
    (
        "business",
        {"story": f"{LEAD} Mira, aged 14, sails first."},
        {},
        [
            advice(
                "PRIVACY",
                "body",
                "“aged 14”: the release seems to be about somebody under 18. Leave the name out, or tell the editors who agreed.",
                page="story",
            ),
        ],
    ),
    (
        "community",
        {
            "body": EXAMPLES["community"]["body"].replace(
                "Twenty-four volunteers", "Thiri, aged 9, and others"
            )
        },
        {},
        [
            advice(
                "PRIVACY",
                "minors_named",
                "“aged 9”: the release seems to be about somebody under 18. Tick that somebody under 18 is named.",
                page="facts",
            ),
            advice(
                "LENGTH",
                "body",
                "The story has 139 words. That is short. We advise 250 to 800 for this kind of news.",
                mend="You can send it as it is.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {
            "story": f"{LEAD} It is sponsored by the Bank Madura.",
            "counterpart": "",
            "counterpart_consent": "",
        },
        {},
        [
            advice(
                "THIRD_PARTY",
                "body",
                "“sponsored by the Bank Madura”: another body is named. Make sure that it has agreed; an editor may ask.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {"language": "my", "headline": "ေမာ်လြမြိင် မြို့"},
        {},
        [
            advice(
                "HEADLINE", "headline", "The headline has 17 characters. 40 to 90 read best.", page="news"
            ),
            advice(
                "FORMAT",
                "headline",
                "This looks like Zawgyi, which many readers cannot read. Type it in Unicode.",
                page="news",
            ),
        ],
    ),
    (
        "business",
        {"body": "x"},
        {"body_words": 1},
        [
            blocking("LENGTH", "body", "The story has 1 word. Write 100 or more.", page="story"),
            advice(
                "WEAK_LEAD",
                "body",
                "The first paragraph is very short. Say who does what, where and when.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {},
        {"body_words": 99},
        [
            blocking("LENGTH", "body", "The story has 99 words. Write 100 or more.", page="story"),
        ],
    ),
    (
        "business",
        {},
        {"body_words": 1501},
        [
            blocking("LENGTH", "body", "The story has 1501 words. Keep 1500 or fewer.", page="story"),
        ],
    ),
    (
        "business",
        {"language": "th"},
        {"body_words": 1501, "body_scripts": frozenset({6})},
        [
            blocking(
                "LENGTH",
                "body",
                "The story has 1501 words. Keep 1500 or fewer.",
                mend="In Burmese, Thai, Lao, Khmer and Tibetan letters six characters count as one word.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {"language": "km"},
        {"body_words": 99, "body_scripts": frozenset({6})},
        [
            blocking(
                "LENGTH",
                "body",
                "The story has 99 words. Write 100 or more.",
                mend="In Burmese, Thai, Lao, Khmer and Tibetan letters six characters count as one word.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {},
        {"body_words": 249},
        [
            advice(
                "LENGTH",
                "body",
                "The story has 249 words. That is short. We advise 250 to 800 for this kind of news.",
                mend="You can send it as it is.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {},
        {"body_words": 801},
        [
            advice(
                "LENGTH",
                "body",
                "The story has 801 words. That is long. We advise 250 to 800 for this kind of news.",
                mend="You can send it as it is.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {},
        {"about_words": 151},
        [
            blocking(
                "LENGTH",
                "about",
                "The About text of your organisation has 151 words. Keep 150 or fewer.",
                mend="Shorten it on the page of your organisation.",
            ),
        ],
    ),
    (
        "business",
        {"product": "x" * 201},
        {},
        [
            advice(
                "LENGTH",
                "product",
                "Product or site: this has 201 characters. Keep it under 200 and put the rest into the story.",
                page="facts",
            ),
        ],
    ),
    (
        "appointment",
        {"responsibilities": "x" * 1001},
        {},
        [
            advice(
                "LENGTH",
                "responsibilities",
                "Responsible for: this has 1001 characters. Keep it under 1000 and put the rest into the story.",
                page="facts",
            ),
        ],
    ),
    (
        "business",
        {},
        {"body_links": tuple(f"https://a{n}.example/" for n in range(9))},
        [
            blocking("LINKS", "body", "The story has 9 links. Keep 8 or fewer.", page="story"),
        ],
    ),
    (
        "business",
        {},
        {"body_links": tuple(f"https://a{n}.example/" for n in range(4))},
        [
            advice(
                "LINKS",
                "body",
                "The story has 4 links in 146 words. Editors prefer one link for every 100 words.",
                page="story",
            ),
        ],
    ),
    (
        "business",
        {},
        {"body_links": ("https://A.example/x/", "http://a.example/x?y=1#z")},
        [
            advice(
                "LINKS",
                "body",
                "The story has 2 links in 146 words. Editors prefer one link for every 100 words.",
                page="story",
            ),
            advice(
                "LINKS", "body", "2 links lead to the same page, a.example/x. One is enough.", page="story"
            ),
        ],
    ),
    (
        "sports",
        {"headline": "Kinta Rovers beat Teluk Sari 3–1 and reach the final"},
        {},
        [
            advice(
                "FACTS",
                "headline",
                "The headline names another score than the facts (2–1). Check which of the two is right.",
                page="news",
            ),
        ],
    ),
    (
        "sports",
        {"home_score": "two", "away": ""},
        {},
        [
            blocking("FACTS", "away", "Write the away side.", mend="The side named second.", page="facts"),
            advice(
                "FACTS",
                "home_score",
                "Score of the home side: “two” is not a whole number. It is shown as you typed it. Check that it is right.",
                page="facts",
            ),
        ],
    ),
    (
        "sports",
        {"match_kind": "fixture", "home": "", "away": ""},
        {},
        [
            blocking(
                "FACTS",
                "home",
                "Write the home side.",
                mend="The side named first in the programme.",
                page="facts",
            ),
            blocking("FACTS", "away", "Write the away side.", mend="The side named second.", page="facts"),
        ],
    ),
    (
        "event",
        {"ends_at": "2026-04-23T18:00"},
        {},
        [
            blocking(
                "FACTS",
                "ends_at",
                "The event ends before it starts. Change the end or the start.",
                page="facts",
            ),
        ],
    ),
    (
        "event",
        {"doors_at": "2026-04-24T10:30"},
        {},
        [
            advice("FACTS", "doors_at", "The doors open after the start. Check both times.", page="facts"),
        ],
    ),
    (
        "event",
        {"booking_deadline": "2026-04-28"},
        {},
        [
            advice(
                "FACTS",
                "booking_deadline",
                "The last day for booking is after the end. Check the date.",
                page="facts",
            ),
        ],
    ),
    ("event", {"booking_deadline": "2026-04-27"}, {}, []),
    (
        "event",
        {"starts_at": "2026-03-20T10:00"},
        {},
        [
            advice(
                "STALE",
                "starts_at",
                "The start of the event is over. Check the date; tell the editors why it is still news.",
                page="facts",
            ),
            advice("FACTS", "doors_at", "The doors open after the start. Check both times.", page="facts"),
        ],
    ),
    (
        "event",
        {
            "timezone": "Europe/London",
            "starts_at": "2026-03-29T01:30",
            "doors_at": "2026-03-29T01:15",
            "ends_at": "2026-03-29T01:45",
            "booking_deadline": "",
        },
        {},
        [
            blocking(
                "FACTS",
                "starts_at",
                "29 March 2026, 01:30 does not exist in Europe/London: the clocks go forward then. Choose 00:59 or 02:00.",
                page="facts",
            ),
            blocking(
                "FACTS",
                "ends_at",
                "29 March 2026, 01:45 does not exist in Europe/London: the clocks go forward then. Choose 00:59 or 02:00.",
                page="facts",
            ),
            blocking(
                "FACTS",
                "doors_at",
                "29 March 2026, 01:15 does not exist in Europe/London: the clocks go forward then. Choose 00:59 or 02:00.",
                page="facts",
            ),
        ],
    ),
    (
        "event",
        {"ticket_url": "looms.example", "capacity": "many"},
        {},
        [
            blocking(
                "FACTS",
                "ticket_url",
                "Where to get tickets: “looms.example” is not a web address. Write all of it, like https://example.org/tickets.",
                page="facts",
            ),
            advice(
                "FACTS", "capacity", "Capacity: “many” is not a number. Write it in figures.", page="facts"
            ),
        ],
    ),
    (
        "business",
        {
            "city": "",
            "country": "XX",
            "language": "?",
            "contact_email": "a@b",
            "contact_phone": "",
            "news_kind": "rumour",
            "timing": "embargo",
            "release_at": "2026-03-24T12:00",
        },
        {},
        [
            blocking(
                "FORMAT",
                "language",
                "Language of the release: “?” is not a language that we know. Choose one, or write its name, such as Burmese, or its tag, such as my.",
                page="news",
            ),
            blocking(
                "FORMAT",
                "city",
                "Write the city or town.",
                mend="Where the news comes from. It opens the release: NAYPYITAW, Myanmar –",
                page="news",
            ),
            blocking(
                "FORMAT", "country", "Country: “XX” is not a country of the list. Choose again.", page="news"
            ),
            blocking(
                "FACTS",
                "news_kind",
                "Kind of business news: “rumour” is not one of the choices. Choose again.",
                page="facts",
            ),
            blocking(
                "CONTACT",
                "contact_email",
                "Public e-mail address: “a@b” is not an e-mail address. Write it like name@example.org.",
                page="contact",
            ),
            blocking(
                "EMBARGO",
                "release_at",
                "24 Mar 2026, 12:00 GMT+8 is too soon. The desk needs 2 hours. Choose 24 Mar 2026, 13:00 GMT+8 or later.",
                page="contact",
            ),
        ],
    ),
    (
        "business",
        {"contact_email": "", "contact_phone": "", "effective_date": "soon " * 20, "body": ""},
        {},
        [
            blocking(
                "FACTS",
                "effective_date",
                "From when: “soon soon soon soon soon soon soon soon soon soon soon soon…” cannot be read as a date. Write it like 2026-04-06, or write immediate.",
                page="facts",
            ),
            blocking(
                "LENGTH",
                "body",
                "Write the story.",
                mend="Start with who does what, where and when. Write as a reporter would: “the company”, not “we”. No dateline and no “About us”: we add both.",
                page="story",
            ),
            blocking(
                "CONTACT",
                "contact_email",
                "Write an e-mail address or a telephone number for readers.",
                mend="An e-mail address or a telephone number is needed; both are better.",
                page="contact",
            ),
        ],
    ),
    (
        "business",
        {"timing": "schedule", "release_at": "2027-03-25T12:00"},
        {},
        [
            blocking(
                "EMBARGO",
                "release_at",
                "25 Mar 2027, 12:00 GMT+8 is more than 12 months away. Choose an earlier time.",
                page="contact",
            ),
        ],
    ),
    (
        "business",
        {"timing": "schedule", "release_at": "2026-03-23T12:00"},
        {},
        [
            blocking(
                "EMBARGO",
                "release_at",
                "23 Mar 2026, 12:00 GMT+8 is over. Choose a later time.",
                page="contact",
            ),
        ],
    ),
    (
        "business",
        {"timing": "someday"},
        {},
        [
            blocking(
                "EMBARGO",
                "timing",
                "When may it run: “someday” is not one of the choices. Choose again.",
                page="contact",
            ),
        ],
    ),
    (
        "business",
        {"timing": "embargo", "release_at": ""},
        {},
        [
            blocking(
                "EMBARGO",
                "release_at",
                "Give the day and time when it may run.",
                mend="As a clock shows it in the zone below.",
                page="contact",
            ),
        ],
    ),
    (
        "business",
        {"timing": "embargo", "release_at": "tonight"},
        {},
        [
            blocking(
                "EMBARGO",
                "release_at",
                "Day and time: “tonight” cannot be read as a day and time. Write it like 2026-04-06T21:00.",
                page="contact",
            ),
        ],
    ),
    (
        "business",
        {"timing": "embargo", "release_at": "2026-05-01T06:00", "release_timezone": "Nowhere"},
        {},
        [
            blocking(
                "EMBARGO",
                "release_timezone",
                "Time zone: “Nowhere” is not a time zone. Choose one such as Asia/Yangon.",
                page="contact",
            ),
        ],
    ),
]
"""The kind, the answers that differ from its example (`story` stands before the example's), counts that are not
taken from them, and the issues that are new. That a longer story is still short is left out."""


@pytest.mark.parametrize(("kind_name", "changes", "counts", "expected"), CASES)
def test_the_issues_of_a_change_are_these_and_no_others(kind_name, changes, counts, expected):
    answers = {name: text for name, text in changes.items() if name != "story"}
    if story := changes.get("story"):
        answers["body"] = f"{story}\n\n{EXAMPLES[kind_name]['body']}"
    before = issues_of(kind_name)

    found = issues_of(kind_name, answers, measured=measured({**EXAMPLES[kind_name], **answers}, **counts))

    new = [issue for issue in found if issue not in before]
    if story:
        new = [issue for issue in new if issue.code != "LENGTH"]
    assert new == expected
