"""Which rules may filter directly, and which must go through keys so that no row is counted twice."""

import pytest
from django.db.models import Exists, Q

from motrice.core.policies import is_single, prefixed
from motrice.directory.models import Affiliation, Organisation, Relation


@pytest.mark.parametrize(
    ("model", "q", "expected"),
    [
        (Organisation, Q(level="public"), True),
        (Organisation, Q(pk__in=[1]) | Q(level="network"), True),
        (Organisation, Q(name__icontains="x") & ~Q(level="circle"), True),
        (Organisation, Q(merged_into__level="public"), True),
        (Relation, Q(source__level="public", target_id__in=[1]), True),
        (Affiliation, Q(person__user_id=3), True),
        (Organisation, Q(names__value="x"), False),
        (Organisation, Q(level="public") | Q(links_in__source_id=1), False),
        (Relation, Q(source__names__value="x"), False),
        (Organisation, Q(level="public") & (Q(kind="unit") | Q(names__value="x")), False),
        (Organisation, Q(Exists(Relation.objects.all())), False),
    ],
)
def test_a_rule_filters_directly_only_when_it_follows_no_many(model, q, expected):
    assert is_single(model, q) is expected


@pytest.mark.django_db
def test_a_rule_moved_to_the_end_of_a_link_means_the_same():
    q = Q(level="public") | (Q(pk__in=[4]) & ~Q(kind="unit"))

    assert prefixed(q, "source") == Q(source__level="public") | (Q(source__pk__in=[4]) & ~Q(source__kind="unit"))


def test_a_condition_without_a_path_cannot_be_moved():
    with pytest.raises(TypeError, match="A rule with Exists cannot be asked at the end of a link"):
        prefixed(Q(Exists(Relation.objects.all())), "source")
