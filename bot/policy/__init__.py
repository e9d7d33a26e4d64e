"""The published policy and its versions."""
