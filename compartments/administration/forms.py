"""Forms of the administration compartment."""
