"""Forms of this part of the membership compartment: applications for membership: from the sealed envelope to the number."""
