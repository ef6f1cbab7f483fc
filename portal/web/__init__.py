"""HTTP in and HTML out: views parse, hand over to an action, and answer."""
