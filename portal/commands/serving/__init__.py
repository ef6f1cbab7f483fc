"""The web server: what it takes from sockets."""
