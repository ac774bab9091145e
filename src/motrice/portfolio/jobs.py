"""Work of the portfolio that takes time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django_tasks import task

from motrice.accounts.models import User
from motrice.core.errors import MotriceError
from motrice.core.models import CatalogueEntry
from motrice.core.stopped import resumed
from motrice.directory.models import Organisation
from motrice.portfolio.enums import LandscapeStep
from motrice.portfolio.models import Landscape
from motrice.portfolio.operations.fee_tables import FEW, work_out_office
from motrice.portfolio.operations.landscape import Document, ask_landscape, compute_landscape, mark_step
from motrice.portfolio.queries.fee_changes import dockets_behind, fee_entry, table_of


@task()
def work_out_landscape(organisation_pk: int, reach: str, user_pk: int) -> str:
    """Place the families of an organisation anew, as whoever asked for it: a minute for six thousand of them.

    What a rule refuses meanwhile (a role that ended) is marked on the landscape, so that nobody waits for it.
    """
    organisation, actor = Organisation.objects.get(pk=organisation_pk), User.objects.get(pk=user_pk)
    try:
        landscape = compute_landscape(organisation=organisation, reach=reach, actor=actor)
    except MotriceError as error:
        for held in Landscape.objects.filter(organisation=organisation, reach=reach):
            mark_step(held, LandscapeStep.REFUSED)
        return str(error)
    return f"{landscape.asset_count}"


def queue_landscape(
    *, organisation: Organisation, reach: str, actor: User, documents: Sequence[Document] | None = None
) -> Landscape:
    """Ask for a landscape and queue its job in one step: neither is there without the other."""
    with transaction.atomic():
        asked = ask_landscape(organisation=organisation, reach=reach, actor=actor, documents=documents)
        work_out_landscape.enqueue(organisation.pk, reach, actor.pk)
    return asked


@task()
def work_out_fees(code: str) -> str:
    """Work out the dockets of an office by its new fees; the page of the table tells how far it is."""
    entry = fee_entry(code)
    return str(work_out_office(entry)) if entry else ""


for job in (work_out_landscape, work_out_fees):
    resumed(job, after=timedelta(minutes=30))


def apply_fees(entry: CatalogueEntry) -> None:
    """Work out the dockets that a new table concerns: now when they are few, else in the queue."""
    if dockets_behind(table_of(entry)).count() <= FEW:
        work_out_office(entry)
    else:
        work_out_fees.enqueue(entry.code)
