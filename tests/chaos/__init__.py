"""A portal of real processes that are killed while people work on it, and a count of what was lost."""
