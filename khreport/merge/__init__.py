"""Submissions brought together, assessed and edited."""
