"""Blocks become verdicts."""
