"""The fault matrix: real processes, really killed, against a Slack that breaks in every way it can."""
