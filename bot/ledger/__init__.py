"""The ledger: an append-only, hash-chained list of who opened or downloaded which summary."""
