"""Figures of the desk compartment: aggregates only."""
