"""Reference keys: asked for, assigned at random, mailed, deactivated, and the runs that do it."""
