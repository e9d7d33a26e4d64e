"""Usage days: what the tools report, read at the door and kept for those who consented."""
