"""Everything that the compartments have in common; never a compartment's own rules or data."""
