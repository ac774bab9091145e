"""Sending for signature, signing and receiving; who has no account signs by the address of the mail instead."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router
from pydantic import Field

from motrice.core.policies import get_permitted
from motrice.inventions.api.disclosures import DisclosureOut
from motrice.inventions.api.shapes import DisclosureReasonIn, MadeOut, actor_of, disclosure_of
from motrice.inventions.models import Disclosure, Inventor
from motrice.inventions.operations import signing
from motrice.web.rest import Strict

router = Router()


class SignIn(Strict):
    """One's own signature."""

    typed_name: str = Field(min_length=1, max_length=200)
    confirms_share: bool


def _own(request: HttpRequest, disclosure: Disclosure) -> Inventor:
    rows = Inventor.objects.permitted(actor_of(request)).filter(disclosure=disclosure)
    row = rows.filter(person__user_id=actor_of(request).pk).select_related("person", "disclosure").first()
    if row is None:
        raise Http404
    return row


@router.post("/disclosures/{reference}/submit", response=DisclosureOut)
def disclosure_submit(request: HttpRequest, reference: str) -> Any:
    """Send for signature; 422 with what is missing, and nothing is lost."""
    return signing.submit_disclosure(disclosure=disclosure_of(request, reference, "edit"), actor=actor_of(request))


@router.post("/disclosures/{reference}/recall", response=DisclosureOut)
def disclosure_recall(request: HttpRequest, reference: str) -> Any:
    """Take back to correct while it waits for signatures."""
    return signing.recall_disclosure(disclosure=disclosure_of(request, reference, "edit"), actor=actor_of(request))


@router.post("/disclosures/{reference}/sign", response=DisclosureOut)
def disclosure_sign(request: HttpRequest, reference: str, payload: SignIn) -> Any:
    """Sign as the inventor that the caller is; the last signature receives and seals the disclosure."""
    disclosure = disclosure_of(request, reference, "sign")
    signing.sign_disclosure(inventor=_own(request, disclosure), actor=actor_of(request), **payload.dict())
    return disclosure_of(request, reference)


@router.post("/disclosures/{reference}/contest", response=DisclosureOut)
def disclosure_contest(request: HttpRequest, reference: str, payload: DisclosureReasonIn) -> Any:
    """Contest one's own share instead of signing."""
    disclosure = disclosure_of(request, reference, "sign")
    signing.contest_share(inventor=_own(request, disclosure), actor=actor_of(request), reason=payload.reason)
    return disclosure


@router.post("/disclosures/{reference}/receive", response=DisclosureOut)
def disclosure_receive(request: HttpRequest, reference: str, payload: DisclosureReasonIn) -> Any:
    """Receive a disclosure though a signature is missing, with the reason."""
    disclosure = disclosure_of(request, reference, "handle")
    return signing.receive_unsigned(disclosure=disclosure, actor=actor_of(request), reason=payload.reason)


@router.post("/inventors/{reference}/invite", response=MadeOut)
def inventor_invite(request: HttpRequest, reference: str) -> Any:
    """Send the invitation to sign once more; the address sent before is closed."""
    row = get_permitted(Inventor, actor_of(request), "view", reference=reference)
    return signing.invite_again(inventor=row, actor=actor_of(request))
