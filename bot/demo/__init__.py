"""The demo: the bot beside a local Slack workspace with a sample company, on a clock that can be moved."""
