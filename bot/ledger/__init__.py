"""The ledger: an append-only, hash-chained list of who looked at or took away which summary."""
