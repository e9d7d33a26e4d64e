"""What is held about a person: shown, handed over, deleted."""
