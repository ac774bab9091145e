"""Figures of the portfolio, over rows already limited to what the reader may see."""
