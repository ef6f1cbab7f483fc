"""RSS, Atom and JSON Feed: three writers over one list of entries."""
