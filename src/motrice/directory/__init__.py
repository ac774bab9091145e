"""Organisations, units, people and the dated links between them."""
