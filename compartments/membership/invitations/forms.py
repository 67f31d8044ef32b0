"""Forms of this part of the membership compartment: reference keys: asked for, assigned at random, mailed, deactivated, and the runs that do it."""
