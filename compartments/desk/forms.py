"""Forms of the desk compartment."""
