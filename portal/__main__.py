"""`python -m portal` is the same program as `.venv/bin/portal`; the supervisor starts its children this way."""

from portal.commands import main

main()
