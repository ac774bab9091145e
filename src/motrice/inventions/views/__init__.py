"""Pages of the inventions."""
