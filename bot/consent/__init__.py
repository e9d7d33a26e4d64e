"""Opting in: what is agreed to, and the receipt for it."""
