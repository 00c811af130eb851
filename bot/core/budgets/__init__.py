"""Budgets and forecasts: pure rules and values."""
