"""Figures of the administration compartment: aggregates only."""
