"""Figures of the membership compartment: aggregates only."""
