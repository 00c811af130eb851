"""Runaway spend: found, told, answered."""
