"""For employees: which summaries they count in, those summaries as their manager sees them, and who looked."""
