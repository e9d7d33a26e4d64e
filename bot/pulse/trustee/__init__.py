"""Trustee mode: the works council, on a machine of its own, holds the keys that open ballots. The server never does."""
