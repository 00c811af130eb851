"""Budgets: how they stand, how they are edited, what is told of them."""
