"""What is public and from when: going live, other times, corrections, notices, removal."""
