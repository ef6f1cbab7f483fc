"""What a person or the clock can do: one verb per function, one transaction each."""
