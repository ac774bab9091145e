"""What can go wrong with a patent file: said with its place, and with what to do."""


class PatentFileError(Exception):
    """A file that cannot be read further: what is wrong, where, what to do.

    `code` names the fault for those who translate it; the message is in English.
    """

    def __init__(self, code: str, message: str, *, advice: str, where: str = "", line: int = 0) -> None:
        self.code, self.message, self.advice, self.where, self.line = code, message, advice, where, line
        place = f"{where}, line {line}" if where and line else where or (f"line {line}" if line else "")
        super().__init__(f"{place}: {message} {advice}" if place else f"{message} {advice}")
