"""Weekly digests: planned, composed, written."""
