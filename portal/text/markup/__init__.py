"""Pasted HTML, read into the few blocks that a release is made of and written in their one form.

`thinning` leaves the tags that mean something (`elements`) and holds the `limits`; `reading` has nh3 nest them as a
browser would and reads that with the standard library; `tree` knows what word processors and mail programs mean;
`output` writes it. Nothing here decides what is safe: that is `portal.text.safe_html`.
"""
