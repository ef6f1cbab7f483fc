"""The one list of reasons. The checks, the editors and the help pages all speak from it."""

from dataclasses import dataclass

CHANGES, FINAL, EITHER = "changes", "final", "either"

OUTCOMES = {
    CHANGES: "You can mend this and send the release again.",
    FINAL: "A release is refused for this. Mending the text does not change it.",
    EITHER: "Often this can be mended; in plain cases the release is refused.",
}


@dataclass(frozen=True)
class Reason:
    """Why a release needs work or is refused, in words for its sender.

    `outcome` is changes, final or either. `before` and `after` are a short example, where one helps. `advice_to_editor`
    is what an editor starts from when writing to the sender.
    """

    code: str
    title: str
    outcome: str
    meaning: str
    mend: str
    advice_to_editor: str
    before: str = ""
    after: str = ""

    @property
    def example(self) -> str:
        if not self.before:
            return self.after
        return f"Instead of: {self.before} Write: {self.after}" if self.after else self.before


_ALL = (
    Reason(
        "NOT_NEWS",
        "There is no news in it",
        EITHER,
        "Nothing has happened or is about to happen. General articles, how-to texts, blogs and open letters are not "
        "releases.",
        "Say what is new, who did it and since when. If nothing is new, wait until something is.",
        "We could not find what is new in this release. Please say what happened or will happen, and when.",
        "Why savings matter for every family.",
        "Phu Xanh Savings opens a branch on wheels for 14 villages on 6 April.",
    ),
    Reason(
        "ADVERT",
        "It reads as an advertisement",
        CHANGES,
        "The text sells: an offer, a discount, a call to buy or to book.",
        "Report the news behind the offer. A price may stand as a fact; a call to buy may not.",
        "The text asks readers to buy. Please report what is new and leave out the offer.",
        "Book now and save 20 per cent on the new ferry.",
        "The ferry starts on 1 May. A seat costs 60,000 rupiah.",
    ),
    Reason(
        "HYPE",
        "It praises instead of reporting",
        CHANGES,
        "Superlatives, exclamation marks, or capitals for effect. Readers trust what can be counted or checked.",
        "Cut the praise, or put a figure in its place. Praise may stand in a quote by a named person.",
        "Some lines praise instead of reporting. Please cut them or say what can be checked.",
        "A revolutionary, world-class mill.",
        "The mill cleans 40 tonnes of rice a day.",
    ),
    Reason(
        "DIRECT_ADDRESS",
        "It speaks to the reader, or as “we”",
        CHANGES,
        "“You”, “we” and “I” outside a quote make a letter of a report.",
        "Write as a reporter would: “the company”, “visitors”, “residents”. Inside quotes nothing needs to change.",
        "Please write in the third person outside the quotes.",
        "We invite you to our new library.",
        "The foundation opens a library for children in Zaygyo ward.",
    ),
    Reason(
        "NO_SOURCE",
        "It does not say early who announces this",
        CHANGES,
        "Neither the headline nor the summary nor the first paragraph names the organisation that issues the release.",
        "Name your organisation in the headline or in the first sentence.",
        "Please name your organisation in the headline or in the first paragraph.",
        "A new slipway has opened in Gresik.",
        "Selat Biru Ferries has opened a slipway in Gresik.",
    ),
    Reason(
        "HEADLINE",
        "The headline does not carry the news",
        CHANGES,
        "It is a question, a slogan or a how-to, it is too long or too short, or the summary only repeats it.",
        "Say who does what, in 40 to 90 characters.",
        "Please write a headline that says who does what.",
        "Ready for a new way to travel?",
        "Night ferry from Surabaya to Kalianget starts on 1 May",
    ),
    Reason(
        "WEAK_LEAD",
        "The first paragraph lacks the facts",
        CHANGES,
        "A reader who stops after the first paragraph does not know who did what, where and when.",
        "Put who, what, where and when into the first two sentences. The why can follow.",
        "Please put who, what, where and when into the first paragraph.",
        "After years of hard work a dream comes true.",
        "Selat Biru Ferries opened a slipway in Gresik harbour on 20 March 2026.",
    ),
    Reason(
        "WRITING",
        "It is hard to read",
        CHANGES,
        "Spelling, grammar or sentence structure make the meaning uncertain, or the summary copies the first "
        "paragraph.",
        "Ask a colleague to read it aloud. Keep to one thought in a sentence.",
        "Some sentences are hard to follow. Please go over the spelling and keep the sentences short.",
    ),
    Reason(
        "FORMAT",
        "The layout needs work",
        CHANGES,
        "Tables, forced line breaks, text in capitals, marks such as ### or “For immediate release”, or a part of "
        "the dateline is missing.",
        "Write plain paragraphs. Leave out the dateline, the embargo line and the About text: we set them from your "
        "answers.",
        "Please send plain paragraphs, without capitals, tables or marks of the trade.",
        "FOR IMMEDIATE RELEASE – SURABAYA –",
        "Selat Biru Ferries starts a nightly ferry …",
    ),
    Reason(
        "LENGTH",
        "It is too long or too short",
        CHANGES,
        "Each kind of release has a least and a greatest length. In Burmese, Thai, Lao, Khmer and Tibetan six "
        "characters count as one word, in Chinese, Japanese and Yi two.",
        "Cut what a reporter would leave out, or add what a reader would ask. The form shows the count.",
        "Please bring the text to the length that the form asks for.",
    ),
    Reason(
        "CONTACT",
        "Nobody can be reached",
        CHANGES,
        "A name, e-mail address or number is missing, cannot be right, or is not answered.",
        "Name one person whom readers may reach and one whom the editors may call today.",
        "We could not reach anybody at the contact you gave. Please give a number that is answered.",
    ),
    Reason(
        "LINKS",
        "The links need work",
        EITHER,
        "There are more than 8, they lead to shops or to the same page, they are dead, or they may do harm.",
        "Keep one link for every 100 words at most, each to a page that adds facts.",
        "Please keep only the links that add facts, 8 at most, and check that each of them works.",
    ),
    Reason(
        "MEDIA",
        "The pictures need work",
        CHANGES,
        "A picture is too small, has no caption, credit or description, or the rights are not clear.",
        "Send pictures of 960 pixels or more. Name the people from left to right, and who took the picture.",
        "Please complete the caption, the description, the credit and the rights of the pictures.",
        "Our team.",
        "From left: Ma Hnin Ei and U Kyaw Zin at the new mill. Photo: Lotus Basin.",
    ),
    Reason(
        "FACTS",
        "A fact is missing, in doubt, or contradicts another",
        CHANGES,
        "A figure, date, title or claim has no source, does not fit the rest, or is left out.",
        "Give the source, correct the figure, or cut the claim. Name whoever holds an opinion.",
        "Please give the source of this figure or claim, or leave it out.",
        "The first of its kind in the highlands.",
        "The first in Lam Dong province, according to the provincial bank.",
    ),
    Reason(
        "LEGAL_REF",
        "A court matter has no reference",
        CHANGES,
        "The release speaks of a case, a charge or a ruling without the court and the number of the case.",
        "Name the court, the case number and the date of the document, and send the editors a copy.",
        "Please add the court, the case number and the date, and let us see the document.",
        "The company won its lawsuit.",
        "The High Court in Kuala Lumpur ruled for the company on 3 March (case WA-22-101-2025).",
    ),
    Reason(
        "THIRD_PARTY",
        "Somebody else is named without their leave",
        CHANGES,
        "A partner, customer, buyer or sponsor is named, and we have not seen that it agreed.",
        "Ask for their agreement in writing, tick that you have it, or leave the name out.",
        "Please show us that the organisation you name has agreed, or leave its name out.",
    ),
    Reason(
        "IDENTITY",
        "We do not know that you may speak for the organisation",
        EITHER,
        "The sender is not known to act for the organisation, or there are signs of a hoax.",
        "Use an address of the organisation, and be ready for a call on a number that we find ourselves.",
        "We need to confirm that you may issue this. Please tell us whom we can call at the organisation.",
    ),
    Reason(
        "DUPLICATE",
        "It has been sent or published already",
        FINAL,
        "The same story has been here before, from you or from somebody else.",
        "If something has changed, correct the published release instead of sending a new one.",
        "We have this story already. To change it, please correct the published release.",
    ),
    Reason(
        "STALE",
        "It is too old",
        FINAL,
        "The event is over, or the news is older than 30 days and nothing says why it matters today.",
        "Send news within days. If there is a reason for the delay, write it into the notes to the editors.",
        "The news is too old for us. If something new has come since, please send that.",
    ),
    Reason(
        "EMBARGO",
        "The time of publication does not work",
        CHANGES,
        "The time is missing, over, too close or unclear, or the news is public elsewhere already.",
        "Choose a day, a time and a zone that leave the editors time to read. The page shows it in three zones.",
        "Please choose another time: the one you gave cannot be kept.",
    ),
    Reason(
        "DEFAMATORY",
        "It attacks somebody",
        FINAL,
        "The text attacks a person or a group, spreads fear or hate, or takes revenge.",
        "We do not publish this. A dispute can be reported with both sides and documents, as news of its own.",
        "We do not publish attacks on people or groups.",
    ),
    Reason(
        "PROHIBITED",
        "We do not publish on this subject",
        FINAL,
        "Adult services, gambling, payday loans, get-rich schemes, drugs, weapons, and cures without proof.",
        "There is nothing to mend: releases on these subjects are not published here.",
        "We do not publish releases on this subject.",
    ),
    Reason(
        "FINANCIAL",
        "It promises or promotes an investment",
        EITHER,
        "Stock tips, promised returns, many tickers, or a promotion that is not shown to be one.",
        "Report results and decisions with their source. Leave out promises, and say who is paid by whom.",
        "Please leave out what promotes an investment, and give the source of the figures.",
        "Investors can expect guaranteed returns of 12 per cent.",
        "The fund paid 4.1 per cent in 2025, according to its audited report.",
    ),
    Reason(
        "POLITICAL",
        "It campaigns",
        EITHER,
        "The text asks readers to vote, or speaks for a party or a candidate.",
        "Report what was decided or done. Leave out what asks for votes or support.",
        "Please report what was decided, and leave out what asks readers for support.",
    ),
    Reason(
        "SPAM",
        "It was sent in bulk or by a machine",
        FINAL,
        "The text is one of many that differ in little, or nobody stands behind it.",
        "Write one release about one piece of news, and sign it with a name that we can call.",
        "We do not take releases that are sent in bulk.",
    ),
    Reason(
        "PRIVACY",
        "It says too much about a person",
        EITHER,
        "Private details are given, or somebody under 18 or a person appointed is named without consent.",
        "Leave out addresses, health and family matters. Ask the person; for a child, ask a parent or guardian.",
        "Please show us that the person has agreed, or leave the name and private details out.",
    ),
    Reason(
        "OUT_OF_AREA",
        "It has no tie to the region",
        EITHER,
        "The news neither happens here nor concerns people here.",
        "Say early what it means for a place or for people in the region. If it means nothing there, send it elsewhere.",
        "We could not find a tie to our region. Please say what the news means here.",
    ),
    Reason(
        "WRONG_TYPE",
        "It belongs to another form",
        CHANGES,
        "The release was sent as one kind and is another: an event as business news, a result as community news.",
        "Start a release of the right kind; the form then asks for what readers need.",
        "Please send this again on the form for its kind.",
    ),
    Reason(
        "CONSENT_WITHDRAWN",
        "Somebody named has withdrawn their leave",
        FINAL,
        "A person or body named in the release has told us that it no longer agrees.",
        "Speak with them first. A release without the name can be sent as a new one.",
        "Somebody named in the release has withdrawn their agreement, so we cannot publish it.",
    ),
)

REASONS: dict[str, Reason] = {reason.code: reason for reason in _ALL}
