"""Measures the figures that docs/performance.md promises; ``python -m tests.bench`` runs it."""
