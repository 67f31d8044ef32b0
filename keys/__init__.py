"""Keys are code here, never material: the only package that touches cryptography (README.md says the rest)."""
