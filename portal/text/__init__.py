"""What the portal knows about text: making it safe, reading it, counting it, naming places.

This layer takes strings and gives strings back. It knows no database, no request and no clock.
"""
