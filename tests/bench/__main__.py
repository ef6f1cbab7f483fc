"""`make bench`: how fast the portal answers. `python -m tests.bench [--postgresql] [--only PART]`."""

from __future__ import annotations

from tests.bench.bench import main

if __name__ == "__main__":
    main()
