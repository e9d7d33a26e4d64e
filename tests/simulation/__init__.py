"""A company's week, with a clock that is moved: the real planning and outbox against the local workspace."""
