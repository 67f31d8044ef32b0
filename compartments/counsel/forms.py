"""Forms of the counsel compartment."""
