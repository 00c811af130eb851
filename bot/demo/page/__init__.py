"""The demo in a browser: a small Slack workspace that people can click through, served on loopback."""
