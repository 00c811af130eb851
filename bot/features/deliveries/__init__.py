"""The outbox, worked off: each message once."""
