"""Opening a summary: who may, that it is written down, and where it is shown."""
