"""Pasted HTML, read into the few blocks that a release is made of and written in their one form.

`tokens` reads it within `limits`, `tree` knows what word processors and mail programs mean by it (and `elements`
what each element is), `output` writes it. Nothing here decides what is safe: that is `portal.text.safe_html`.
"""
