"""Forms of this part of the clearing compartment: pairs of reference key and invite code: made in sets, claimed, deactivated."""
