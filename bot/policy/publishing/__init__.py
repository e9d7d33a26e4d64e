"""HR posts an update: a file becomes a draft, a draft a version, and everybody concerned is told once."""
