"""One person with two numbers: found, compared, merged, or noted as two."""
