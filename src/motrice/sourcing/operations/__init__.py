"""Writes of the need desk."""
