"""What other people's checkers say of every page, feed and calendar of the demo: `make standards`."""
