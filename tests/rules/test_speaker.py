"""Where the words of a quote end and its speaker begins."""

import pytest

from portal.rules.speaker import split


@pytest.mark.parametrize(("typed", "parts"), [
    ("We waited – Rashid Karim", ("We waited", "Rashid Karim", "")),
    ("They are faster. We shall see. – Abilio Fernandes, Tasi Tolu Youth", ("They are faster. We shall see.", "Abilio Fernandes", "Tasi Tolu Youth")),
    ("Pressure – that is what we live for – Rashid Karim", ("Pressure – that is what we live for", "Rashid Karim", "")),
    ("Pressure – That is what we live for. – Rashid Karim – head coach of Huế", ("Pressure – That is what we live for.", "Rashid Karim", "head coach of Huế")),
    ("We won 3–2. That is it. – Sar Pisey", ("We won 3–2. That is it.", "Sar Pisey", "")),
    ("It was 2 - 1 - Sar Pisey", ("It was 2 - 1", "Sar Pisey", "")),
    ("We won.\n— Mohd Rizal bin Che Ali (coach)", ("We won.", "Mohd Rizal bin Che Ali", "coach")),
    ("We won. - Nguyễn Văn A", ("We won.", "Nguyễn Văn A", "")), ("We won. -- Lan", ("We won.", "Lan", "")),
    ("“We won” – Lan, coach", ("“We won”", "Lan", "coach")), ("“We won,” –Lan", ("“We won,”", "Lan", "")),
    ("ชนะแล้ว – สุรศักดิ์ บุญมา", ("ชนะแล้ว", "สุรศักดิ์ บุญมา", "")), ("我们赢了。——王教练", ("我们赢了。", "王教练", "")),
    ("အနိုင်ရပြီ။ – ကိုအောင်", ("အနိုင်ရပြီ။", "ကိုအောင်", "")), ("We said so. – J. R. Tolkien, coach", ("We said so.", "J. R. Tolkien", "coach")),
    ("We came here to win – nothing else", ("We came here to win – nothing else", "", "")),
    ("half-time was hard", ("half-time was hard", "", "")), ("We won – 3–2", ("We won – 3–2", "", "")),
    ("– Rashid Karim", ("– Rashid Karim", "", "")), ("We won. –", ("We won. –", "", "")), ("", ("", "", "")),
    ("We changed nothing. – We never do that in the last minute of a game.", ("We changed nothing. – We never do that in the last minute of a game.", "", "")),
])  # fmt: skip
def test_the_speaker_begins_where_the_field_says(typed, parts):
    assert split(typed) == parts
