"""Planned bursts: pure rules and values."""
