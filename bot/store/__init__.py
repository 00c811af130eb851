"""Rows to values and back: one adapter a database."""
