"""Who the persons are: the roster and the one hierarchy."""
