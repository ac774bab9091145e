"""How a sample becomes records."""

import io
import json

import pytest

from motrice.engines.patentfiles import read_stream


@pytest.fixture
def records():
    """The records of a text, of bytes, or of an answer."""

    def reader(sample, name="sample"):
        if isinstance(sample, dict):
            sample = json.dumps(sample)
        raw = sample.encode() if isinstance(sample, str) else sample
        return list(read_stream(io.BytesIO(raw), name))

    return reader
