"""Forms of this part of the membership compartment: what a person may ask for: access, correction, erasure. And exports for a purpose."""
