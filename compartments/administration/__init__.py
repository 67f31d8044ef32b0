"""The administration: accounts of the platform and its operations; never names or reference keys."""
