"""One writer at a time, across processes."""

import fcntl
import os
from pathlib import Path

from motrice.engines.search.errors import IndexLocked


class Lock:
    """A file lock held while a writer lives; the kernel lets it go when the process dies."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            raise IndexLocked(
                f"Another writer (process {holder}) holds {path}. Close it, or wait, then try again."
            ) from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        """Let the next writer in."""
        self._file.close()
