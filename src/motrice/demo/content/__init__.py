"""Invented content of the demonstration world, computed without a database from a seed."""
