"""Asking the policy: it answers with its own words, or says that it does not say."""
