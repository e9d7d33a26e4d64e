"""Every limit of Slack's messages, views and blocks, with Slack's own error names. Stricter where Slack is vague."""
