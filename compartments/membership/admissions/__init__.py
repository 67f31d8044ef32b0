"""Applications for membership: from the sealed envelope to the number."""
