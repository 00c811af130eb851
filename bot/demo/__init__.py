"""The simulated company, Codex API and Slack workspace."""
