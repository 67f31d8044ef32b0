"""Forms of this part of the administration compartment: locking and unlocking by the whitelist: dry run, threshold, second officer, application, counts."""
