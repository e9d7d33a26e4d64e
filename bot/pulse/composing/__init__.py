"""Composing a wave: what it asks, when it opens by itself, and how HR opens or closes one."""
