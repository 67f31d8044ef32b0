"""Forms of the clearing compartment."""
