"""Forms of the board compartment."""
