"""The weekly private message."""
