"""The year-end report as a neutral document."""
