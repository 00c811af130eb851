"""Slack going out: words, blocks, the directory, the messenger."""
