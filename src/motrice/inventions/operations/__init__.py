"""Every write of the inventions: one module for each thing that is changed."""
