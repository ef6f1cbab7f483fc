"""What word processors mark as deleted or as a comment is no part of a story, and is counted."""

import pytest

from portal.text.markup.left_out import LeftOut
from portal.text.safe_html import sanitise, sanitise_telling

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0cm;} --></style></head>
<body lang=EN-GB><!--StartFragment-->
<p class=MsoNormal>The council today <del cite="mailto:Jo%20Smith" datetime="2026-11-01T10:00"><span
style='mso-bidi-font-weight:bold'>announces</span></del><span class=msoIns><ins cite="mailto:Jo%20Smith"
datetime="2026-11-01T10:00">announced</ins></span> the <a style='mso-comment-reference:JS_1;mso-comment-date:20261101T1000'>plan</a><span
class=MsoCommentReference><span style='font-size:8.0pt'><![if !supportAnnotations]><a class=msocomanchor id="_anchor_1"
onmouseover="msoCommentShow('_com_1','_anchor_1')" href="#_msocom_1" language=JavaScript name="_msoanchor_1">[JS1]</a><![endif]><span
style='mso-special-character:comment'>&nbsp;</span></span></span> for <span class=msoDel><del>forty</del></span><ins>fifty</ins> homes.</p>
<!--EndFragment-->
<div style='mso-element:comment-list'><![if !supportAnnotations]><hr class=msocomoff align=left size=1 width="33%"><![endif]>
<div style='mso-element:comment'><![if !supportAnnotations]><div id="_com_1" class=msocomtxt language=JavaScript
onmouseover="msoCommentShow('_com_1','_anchor_1')"><![endif]><![if !supportAnnotations]><a name="_msocom_1"></a><![endif]>
<p class=MsoCommentText><span class=MsoCommentReference><span style='font-size:8.0pt'><span
style='mso-special-character:comment'>&nbsp;</span><![if !supportAnnotations]><a href="#_msoanchor_1"
class=msocomoff>[JS1]</a><![endif]></span></span>INTERNAL: salary not to be disclosed</p>
<p class=MsoCommentText>Second line.</p><![if !supportAnnotations]></div><![endif]></div></div></body></html>"""
LIBREOFFICE = """<p lang="en-GB">The Trust <del cite="mailto:JS" datetime="2026-03-01T09:00:00"><font color="#800000">has opened</font></del>
<ins cite="mailto:JS">opens</ins> the slipway<span class="annotation_style_by_filter"><br/>[JS, 1 March, "INTERNAL: ask legal"]<br/></span>
on <sdfield type=datetime sdval="1">4 March 2026</sdfield>.</p>"""
GOOGLE = """<style type="text/css">.c2{text-decoration:line-through}.c5{font-weight:400}</style>
<div class="doc"><p class="c1"><span class="c5">The club won</span><sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup><span class="c5"> the </span><span
class="c2">cup</span><span class="c5">league.</span></p><div class="c7"><p class="c1"><a href="#cmnt_ref1" id="cmnt1">[a]</a><span
class="c5">INTERNAL: check with the coach</span></p><p class="c1"><span>And again.</span></p></div></div>"""
PAGES = """<html><head><meta name="Generator" content="Cocoa HTML Writer"><style type="text/css">
p.p1 {margin: 0.0px; font: 12.0px Helvetica} span.s1 {font-kerning: none} span.s2 {text-decoration: line-through ; font-kerning: none}
</style></head><body><p class="p1"><span class="s1">Tickets cost </span><span class="s2">20</span><span class="s1">15 pounds.</span></p></body></html>"""
WORD_ONLINE = """<p class="Paragraph SCXW1"><span class="TextRun SCXW1">Doors open at </span><span
class="TrackedChange TrackChangeTextDeletion SCXW1"><span class="NormalTextRun">six</span></span><span
class="TrackedChange TrackChangeTextInsertion SCXW1">seven</span><span class="CommentStart SCXW1">, the chair</span> said.</p>"""


@pytest.mark.parametrize(
    ("pasted", "stored", "left_out"),
    [
        (WORD, "<p>The council today announced the plan for fifty homes.</p>", LeftOut(deleted=2, comments=1)),
        (LIBREOFFICE, "<p>The Trust opens the slipway on 4 March 2026.</p>", LeftOut(deleted=1, comments=1)),
        (GOOGLE, "<p>The club won the league.</p>", LeftOut(deleted=1, comments=1)),
        (PAGES, "<p>Tickets cost 15 pounds.</p>", LeftOut(deleted=1)),
        (WORD_ONLINE, "<p>Doors open at seven, the chair said.</p>", LeftOut(deleted=1)),
        ("<p>was <s>old</s> <strike>older</strike>new</p>", "<p>was new</p>", LeftOut(deleted=1)),
        ("<p>a <s>b</s> c <strike>d</strike> e <span style='text-decoration:line-through'>f</span></p>", "<p>a c e</p>", LeftOut(deleted=3)),
        ("<p>a <span style='text-decoration: underline line-through red'>b</span></p>", "<p>a</p>", LeftOut(deleted=1)),
        ("<p>a <span style='text-decoration:underline'>b</span> <u>c</u></p>", "<p>a b c</p>", LeftOut()),
        ("<p>a <del>b <del>c</del> d</del> e</p>", "<p>a e</p>", LeftOut(deleted=1)),
        ("<p><del>One.</del></p><p><del>Two.</del></p><p>Three.</p>", "<p>Three.</p>", LeftOut(deleted=2)),
        ("<p>a<del><br></del>b <del> </del></p>", "<p>ab</p>", LeftOut()),
        ("<p>a <del>b</p><p>c</p>", "<p>a b</p>\n<p>c</p>", LeftOut()),
        ("<p>a <span style='display:none'>b</span><span style='mso-hide:all'>c</span> d</p>", "<p>a d</p>", LeftOut(hidden=1)),
        ("<ul><li>a</li><li><del>b</del></li></ul>", "<ul><li>a</li></ul>", LeftOut(deleted=1)),
        ("<p>a <a class=msocomanchor href='#_msocom_2'>[JS2]</a></p>", "<p>a</p>", LeftOut(comments=1)),
        ("<p>a</p><p class=MsoCommentText>INTERNAL</p>", "<p>a</p>", LeftOut(comments=1)),
        ("<p>a <del class=msocomtxt>INTERNAL</del></p>", "<p>a</p>", LeftOut(comments=1)),
        ("<p>a<a href='file:///C:/Temp/clip.htm#_msocom_1'>[JS1]</a></p><p><a href='file:///C:/Temp/clip.htm#_msoanchor_1'>[JS1]</a></p>", "<p>a</p>", LeftOut(comments=1)),
        ("<p>a<sup><a href='https://docs.google.com/d/x/edit#cmnt1'>[a]</a></sup></p><div><p><a href='https://docs.google.com/d/x/edit#cmnt_ref1'>[a]</a>INTERNAL</p><p>And.</p></div>", "<p>a</p>", LeftOut(comments=1)),
        ("<p><a href='https://x.example/post#cmnt1'>a reader</a></p>", '<p><a href="https://x.example/post#cmnt1">a reader</a></p>', LeftOut()),
        ("<p>a comment in <span class=comment>words</span></p>", "<p>a comment in words</p>", LeftOut()),
        ("<p><ins>a</ins> [JS1] b</p>", "<p>a [JS1] b</p>", LeftOut()),
    ],
    ids=["Word", "LibreOffice", "Google Docs", "Pages", "Word on the web", *(str(number) for number in range(18))],
)  # fmt: skip
def test_deletions_and_comments_go_and_are_counted(pasted: str, stored: str, left_out: LeftOut) -> None:
    assert sanitise_telling(pasted) == (stored, left_out)
    assert sanitise_telling(stored) == (stored, LeftOut())


def test_a_style_sheet_of_many_classes_costs_no_more_than_its_length() -> None:
    sheet = "".join(f".c{number}{{text-decoration:line-through;{'x' * 50}}}" for number in range(1_000))

    stored = sanitise(
        f"<style>{sheet}</style><p>a <span class='c1 c2 c3'>b</span><span class=c999>c</span></p>"
    )
    assert stored == "<p>a c</p>"
