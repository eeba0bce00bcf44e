"""Raw sheets understood as a submission: whose it is, its rows, its typed answers."""
