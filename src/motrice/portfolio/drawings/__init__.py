"""What the portfolio draws: the life of a family, the landscape."""
