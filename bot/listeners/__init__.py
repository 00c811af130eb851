"""What Slack and operators send in."""
