"""What can go wrong with an index, said in words that tell the caller what to do."""


class SearchError(Exception):
    """Base of every error of the search engine that is not a plain wrong argument."""


class IndexCorrupt(SearchError):
    """The files of an index cannot be read back; the message says how to rebuild it."""


class IndexLocked(SearchError):
    """Another writer holds the index."""


class IndexMissing(SearchError):
    """There is no index at this place, or there is one where a new one was asked for."""


class EncoderMismatch(SearchError):
    """An index was made with another encoder than the one given, or with one while none is given."""


class EncoderMissing(SearchError):
    """An encoder cannot be used: its folder is not whole, or the packages that run it are not installed."""
