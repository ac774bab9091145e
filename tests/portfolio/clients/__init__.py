"""Services outside the house, with recorded answers."""
