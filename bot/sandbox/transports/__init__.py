"""The three ways in which a payload reaches the app. Exactly one is in use at a time."""
