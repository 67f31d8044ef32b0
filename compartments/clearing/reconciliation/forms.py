"""Forms of this part of the clearing compartment: turning membership's reference keys into administration's invite codes, shuffled, batch by batch."""
