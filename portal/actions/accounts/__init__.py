"""Who somebody is: registering, logging in, passwords, sessions, organisations and their people."""
