"""How many random examples a property test tries: the same ones each time, or many new ones when asked.

`MOTRICE_EXAMPLES=50` tries fifty times as many, drawn anew, to look for what the usual ones do not show.
"""

import os

TIMES = int(os.environ.get("MOTRICE_EXAMPLES", "1"))
IS_SEARCHING = TIMES > 1


def examples(count: int) -> int:
    """The number of examples to try where `count` are tried by default."""
    return count * TIMES
