"""Where khreport touches the outside: one home per foreign library."""
