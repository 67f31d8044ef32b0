"""Forms of this part of the membership compartment: one person with two numbers: found, compared, merged, or noted as two."""
