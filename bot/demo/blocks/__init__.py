"""What a Slack app sends, as HTML: blocks, and text in Slack's own mrkdwn."""
