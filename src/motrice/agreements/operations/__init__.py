"""Every write to agreements."""
