"""Incidents: apart from cases and anonymous by construction. Coded values only, no free text, coarse in time and place."""
