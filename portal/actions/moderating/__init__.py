"""What editors do with a waiting release: read, decide, ask a second person, change the text, undo."""
