"""Mails: what notices say, how they become bytes, are signed and handed to a mail server."""
