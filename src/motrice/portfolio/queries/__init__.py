"""What the portfolio is asked: reads used by several pages and operations."""
