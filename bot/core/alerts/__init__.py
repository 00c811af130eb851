"""Incidents, and what is said of them: pure rules and values."""
