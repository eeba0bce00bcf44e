"""What an officer can ask for, one module a verb."""
