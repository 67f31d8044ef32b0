"""Invite codes as they came from clearing, and what the platform says of them."""
