"""What the modules of the directory's API share: bodies, and the records that an address names."""

from typing import Any

from ninja import Schema
from pydantic import Field

from motrice.core.policies import get_permitted
from motrice.directory.models import Organisation

Reference = Field(min_length=8, max_length=8)
Reason = Field("", max_length=2000)


def body_of(request: Any, reference: str, action: str = "view") -> Organisation:
    return get_permitted(Organisation.objects.live(), request.auth, action, reference=reference)


def given(payload: Schema) -> dict[str, Any]:
    """The fields that were sent; an explicit null empties a date and leaves other fields as they are."""
    sent = payload.dict(exclude_unset=True)
    return {name: value for name, value in sent.items() if value is not None or name in ("starts_on", "ends_on")}
