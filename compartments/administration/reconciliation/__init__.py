"""Locking and unlocking by the whitelist: dry run, threshold, second officer, application, counts."""
