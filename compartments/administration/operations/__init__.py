"""The office's own work: changes, incidents, maintenance, runbooks, credentials."""
