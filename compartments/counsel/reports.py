"""Figures of the counsel compartment: aggregates only."""
