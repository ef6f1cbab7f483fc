"""What `portal doctor` looks at: one function for each organ, each answering with findings."""
