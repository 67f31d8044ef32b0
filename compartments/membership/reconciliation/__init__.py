"""Reconciliation on the membership office's side: whose keys are good goes to clearing; what comes back are counts and messages."""
