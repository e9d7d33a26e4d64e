"""A local Slack workspace: the demo and the tests run the bot against it. Stricter than Slack, never kinder."""
