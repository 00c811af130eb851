"""Planned bursts: announced, told, ended."""
