"""Answers as Slack messages, a module for each kind and one for each part that several share."""
