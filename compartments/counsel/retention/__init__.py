"""Erasure and retention: when a case goes, the destruction of its key, and the receipt that says so without content."""
