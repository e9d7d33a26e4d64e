"""Team summaries: seasons with fixed cohorts, and one frozen release a week that nobody can work back to a person."""
