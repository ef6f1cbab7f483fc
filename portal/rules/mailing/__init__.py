"""Mails by rule: while what each is true, what a mail server’s answer means, and which addresses are left alone."""
