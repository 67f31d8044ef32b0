"""What every compartment has: inbox, notes to colleagues, who has access."""
