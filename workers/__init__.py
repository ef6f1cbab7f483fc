"""The background half: what the doorbell rings for, and the clock that finds whatever nobody rang for."""
