"""Readers of patent files."""
