"""Work of the portfolio that takes time."""

from __future__ import annotations

from django_tasks import task

from motrice.accounts.models import User
from motrice.directory.models import Organisation
from motrice.portfolio.operations.landscape import compute_landscape


@task()
def work_out_landscape(organisation_pk: int, reach: str, user_pk: int) -> str:
    """Place the families of an organisation anew, as whoever asked for it: a minute for six thousand of them."""
    landscape = compute_landscape(
        organisation=Organisation.objects.get(pk=organisation_pk), reach=reach, actor=User.objects.get(pk=user_pk)
    )
    return f"{landscape.asset_count}"
