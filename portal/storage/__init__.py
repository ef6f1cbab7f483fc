"""What is kept: the only layer that knows SQL."""
