"""Forms of this part of the administration compartment: the connection to the participation platform: plan, apply, read back; or files in its place."""
