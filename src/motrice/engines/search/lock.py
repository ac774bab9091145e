"""One writer at a time, across processes."""

import fcntl
import os
from pathlib import Path

from motrice.engines.search.errors import IndexLocked


class Lock:
    """A file lock held while a writer lives; the kernel lets it go when the process dies."""

    def __init__(self, path: Path) -> None:
        self._file: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(self._file, 32).decode("ascii", "replace").strip() or "unknown"
            self.release()
            raise IndexLocked(
                f"Another writer (process {holder}) holds {path}. Close it, or wait, then try again."
            ) from None
        os.ftruncate(self._file, 0)
        os.write(self._file, str(os.getpid()).encode("ascii"))

    def release(self) -> None:
        """Let the next writer in."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __del__(self) -> None:
        self.release()
