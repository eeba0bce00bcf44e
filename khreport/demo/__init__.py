"""A seeded maker of plausible answers, for the demo, benchmarks and tests."""
