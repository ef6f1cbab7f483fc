"""How long tests wait for processes and servers that they started."""

PATIENCE = 240.0
"""In seconds, and only against hanging for ever: what a loaded machine does late is done all the same."""
