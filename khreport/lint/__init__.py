"""Any Word document judged against the rules of a profile."""
