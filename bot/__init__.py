"""Codex Usage: what OpenAI Codex does for a company and what it costs, answered in Slack."""

__version__ = "0.1.0"
