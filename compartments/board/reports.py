"""Figures of the board compartment: aggregates only."""
