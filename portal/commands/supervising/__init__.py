"""The supervisor behind `portal up`: starts what the portal consists of, and leaves nothing behind."""
