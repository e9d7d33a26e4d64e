"""HR asks a channel, never a person."""
