"""Turning membership's reference keys into administration's invite codes, shuffled, batch by batch."""
