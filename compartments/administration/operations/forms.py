"""Forms of this part of the administration compartment: the office's own work: changes, incidents, maintenance, runbooks, credentials."""
