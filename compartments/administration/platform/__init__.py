"""The connection to the participation platform: plan, apply, read back; or files in its place."""
