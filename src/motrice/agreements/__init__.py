"""Agreements of every kind with the parties outside: licences first."""
