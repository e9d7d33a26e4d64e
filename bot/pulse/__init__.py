"""The anonymous pulse: whether people believe the policy, clause by clause."""
