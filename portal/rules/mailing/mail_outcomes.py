"""What can become of a mail that is handed over, one by one or many at once. Five words, and no others.

*uncertain* is neither sent nor failed: the connection went away after the final dot and before the answer, so the
server may have taken it. It is never tried again.
"""

SENT = "sent"
LATER = "later"  # to be tried again
REFUSED = "refused"  # for good
UNCERTAIN = "uncertain"
UNTOUCHED = "untouched"  # never begun, so its next try counts as the first
