"""What a web server loads once is left out of the search for cycles."""

import gc

import pytest

from motrice.config.settled import settle


@pytest.fixture
def collector():
    """The collector as it was, afterwards."""
    held = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*held)


def test_what_is_loaded_is_set_aside_and_what_a_request_leaves_is_still_found(collector):
    settle()

    class Left:
        """Something that refers to itself."""

    left = Left()
    left.itself = left
    del left
    assert gc.get_freeze_count() > 100_000
    assert gc.get_threshold()[0] == 20_000
    assert gc.collect() > 0
