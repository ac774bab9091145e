"""How disclosures are told."""

import pytest
from django.utils.translation import override

from motrice.engines.sealing import FAULTS, Fault
from motrice.inventions.words import SEAL_FAULTS, seal_fault_words

VALUES = {"number": 2, "found": 3, "form": "motrice-sealed/1"}


@pytest.mark.parametrize("code", FAULTS)
def test_each_fault_of_a_sealed_file_is_said_in_french_too(code):
    fault = Fault(code, **VALUES)

    with override("en"):
        assert seal_fault_words(fault) == fault
    with override("fr"):
        assert seal_fault_words(fault) != fault


def test_no_fault_is_told_that_the_engine_does_not_find():
    assert SEAL_FAULTS.keys() == FAULTS.keys()
