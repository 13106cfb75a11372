"""Measuring how well faces that have aged are found again: `homeward models evaluate` (docs/evaluating.md)."""
