"""The relay has no forms: messages pass as they come."""
