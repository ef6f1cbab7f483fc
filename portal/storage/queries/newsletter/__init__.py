"""Questions about the daily e-mail: its readers, its issues and its letters."""
