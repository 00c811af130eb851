"""What digests say, and when: pure rules and values."""
