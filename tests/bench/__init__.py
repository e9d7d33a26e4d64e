"""Speed, measured against real work done by the plainest means in the same run."""
