"""Tests of the need desk."""
