"""Pairs of reference key and invite code: made in sets, claimed, deactivated."""
