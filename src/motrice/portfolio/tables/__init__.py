"""What the catalogue holds for the portfolio, in the shapes that the engines take."""
