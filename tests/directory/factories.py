"""Builders of directory records; each is written through the audit log, as in life."""

from __future__ import annotations

from datetime import date
from typing import Any

import factory
from django.contrib.auth.hashers import make_password

from motrice.accounts.models import RoleAssignment, User
from motrice.accounts.operations.users import system_user
from motrice.core import audit
from motrice.core.values import label_of
from motrice.directory.enums import AffiliationRole, EvidenceKind, OrganisationKind, RelationKind
from motrice.directory.models import (
    Affiliation,
    Evidence,
    EvidenceOwner,
    Identifier,
    Mechanism,
    Organisation,
    OrganisationName,
    Person,
    Relation,
)

SINCE = date(2020, 1, 1)


class LoggedFactory(factory.django.DjangoModelFactory):
    """A factory whose rows are in the log, so that a replay finds them."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        with audit.operation(None, "test.create") as op:
            return op.create(model_class(*args, **kwargs))


class OrganisationFactory(LoggedFactory):
    class Meta:
        model = Organisation

    class Params:
        unit = factory.Trait(kind=OrganisationKind.UNIT, name=factory.Sequence("Laboratoire inventé {}".format))
        company = factory.Trait(kind=OrganisationKind.COMPANY, name=factory.Sequence("Société inventée {}".format))
        label = factory.Trait(kind=OrganisationKind.LABEL, name=factory.Sequence("Label inventé {}".format))
        institute = factory.Trait(kind=OrganisationKind.INSTITUTE, name=factory.Sequence("Institut inventé {}".format))

    kind = OrganisationKind.UNIVERSITY
    name = factory.Sequence("Université inventée {}".format)
    country = "FR"


class PersonFactory(LoggedFactory):
    class Meta:
        model = Person

    given_name = "Inventée"
    family_name = factory.Sequence("Personne-{}".format)


class IdentifierFactory(LoggedFactory):
    class Meta:
        model = Identifier


class OrganisationNameFactory(LoggedFactory):
    class Meta:
        model = OrganisationName


class RelationFactory(LoggedFactory):
    class Meta:
        model = Relation

    source = factory.SubFactory(OrganisationFactory)
    target = factory.SubFactory(OrganisationFactory, unit=True)
    kind = RelationKind.SUPERVISES


class AffiliationFactory(LoggedFactory):
    class Meta:
        model = Affiliation

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory, unit=True)
    role = AffiliationRole.RESEARCHER


class MechanismFactory(LoggedFactory):
    class Meta:
        model = Mechanism

    organisation = factory.SubFactory(OrganisationFactory, kind=OrganisationKind.MECHANISM)
    mechanism_type = "satt"


class EvidenceFactory(LoggedFactory):
    class Meta:
        model = Evidence
        skip_postgeneration_save = True

    kind = EvidenceKind.PUBLICATION
    title = factory.Sequence("Texte inventé {}".format)

    @factory.post_generation
    def of(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for owner in extracted or ():
            is_body = isinstance(owner, Organisation)
            row = EvidenceOwner(
                evidence=self, organisation=owner if is_body else None, person=None if is_body else owner
            )
            with audit.operation(None, "test.create") as op:
                op.create(row)


def user_with(*kinds: str, on: Any = None, email: str = "") -> User:
    """An account that holds these roles, on the site or on one record: both in one operation, as tests need many."""
    system, number = system_user(), User.objects.count()
    address = email or f"invented{number}@example.org"
    user = User(username=address, email=address, display_name=f"Compte Inventé {number}", password=make_password(None))
    held_on = {"scope_label": label_of(type(on)), "scope_pk": on.pk} if on is not None else {}
    with audit.operation(system, "user.create") as op:
        op.create_many([user])
        op.create_many([RoleAssignment(user=user, kind=kind, starts_on=SINCE, **held_on) for kind in kinds])
    return user


def carnot_world() -> tuple[Organisation, Organisation, Organisation]:
    """A body that takes part in 20 of 29 institutes and in 7 of 9 associated structures, since 2020."""
    body = OrganisationFactory(name="Centre inventé de la recherche")
    since = date(2020, 1, 1)
    labels = []
    for name, total, taken in (("Label inventé", 29, 20), ("Label inventé associé", 9, 7)):
        label = OrganisationFactory(label=True, name=name)
        labels.append(label)
        for number in range(total):
            institute = OrganisationFactory(institute=True, name=f"{name}, institut {number:02d}")
            RelationFactory(source=institute, target=label, kind=RelationKind.LABELLED_AS, starts_on=since)
            if number >= taken:
                continue
            if number % 2:
                RelationFactory(source=body, target=institute, kind=RelationKind.PARTICIPATES, starts_on=since)
            else:
                unit = OrganisationFactory(unit=True)
                RelationFactory(source=body, target=unit, kind=RelationKind.SUPERVISES, starts_on=since)
                RelationFactory(source=unit, target=institute, kind=RelationKind.MEMBER_OF, starts_on=since)
    return body, labels[0], labels[1]
