"""Vault files: opening, schema, locks, and the tables that every vault has. Never a key between two requests."""
