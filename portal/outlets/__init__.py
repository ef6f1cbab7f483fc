"""The ways out: one file for each, `deliver(item) -> Receipt`."""
