"""Organisation health: use and reported hours of the whole company, side by side. About the system, not people."""
