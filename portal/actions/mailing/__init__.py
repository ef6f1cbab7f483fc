"""Facts become deliveries, deliveries become mails: who is told, at what pace, and who is left alone."""
