"""Mistakes put into a copy of the tree, one at a time: a test has to fail for each, or nothing holds it."""
