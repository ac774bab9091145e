"""Who sees, changes and steers the portfolio: each module declares its rules when it is read."""

from motrice.portfolio.policies import assets, steering

__all__ = ["assets", "steering"]
