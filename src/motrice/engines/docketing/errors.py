"""What can be wrong with the tables that the docket is made from."""


class TableError(ValueError):
    """A rule, a fee table, a calendar or a renewal scheme that cannot be used; `field` names what to correct."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field
