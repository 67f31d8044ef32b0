"""The demo organisation: invented persons, published passphrases, dates relative to today. Never anything of a real one."""
