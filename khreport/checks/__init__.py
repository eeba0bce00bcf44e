"""Rules applied to answers."""
