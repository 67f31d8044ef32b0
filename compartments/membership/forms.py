"""Forms of the membership compartment."""
