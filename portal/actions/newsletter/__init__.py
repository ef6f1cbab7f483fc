"""The daily e-mail: its readers, the issue of a day, and its letters."""
