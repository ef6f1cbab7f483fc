"""Questions to the database, one file per asker."""
