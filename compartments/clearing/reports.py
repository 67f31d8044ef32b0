"""Figures of the clearing compartment: aggregates only."""
