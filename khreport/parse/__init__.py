"""Texts of files read into values, each fault told with file and line."""
