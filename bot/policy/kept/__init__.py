"""What the program keeps of the policy, by which function and test, and what only people can keep."""
