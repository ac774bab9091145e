"""Tests of the desk's operations."""
