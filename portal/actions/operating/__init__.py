"""What the machine does for itself: leases, stops of the clock, restored copies, records, purging."""
