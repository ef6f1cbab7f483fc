"""One sentence for what never reaches the application."""

from __future__ import annotations

from portal.front.answers import Answer, reason

SENTENCES = {
    408: "We waited for the rest of this and it did not come. Nothing was saved. Go back and send it again.",
    413: "That is more than we can take at once. Nothing was saved. Go back: what you typed is still in the form.",
    429: "Many people are logging in just now. Go back and press the button again in a few seconds: what you typed is "
    "still in the form.",
    431: "The address or its cookies are too long. Delete the cookies of this site and try again.",
    500: "Something failed on our side. Go back and try once more.",
    503: "Too many people are here just now. Try again in a moment.",
}
COMMON = "The request was not one that we understand. Go back and try again."
RETRY_SECONDS = {429: 3, 503: 3}


def refusal(status: int) -> Answer:
    """The page for a status that the server answers by itself."""
    sentence = SENTENCES.get(status, COMMON)
    page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{reason(status)}</title><p>{sentence}</p></html>'
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", "default-src 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
    ]
    if status in RETRY_SECONDS:
        headers.append(("Retry-After", str(RETRY_SECONDS[status])))
    return Answer(status, headers, page.encode())
