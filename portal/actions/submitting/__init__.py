"""What the sender’s side does with a release: write, send, sign off, appeal, and be reminded."""
