"""Employees and their managers coming in, one file a kind."""
