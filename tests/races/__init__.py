"""Two people, or a person and the clock, act on one release in the same moment."""
