"""The need desk through the API: the same operations as the pages, the same rights; see also `api_schemas`.

Annotations are evaluated here: pages of lists wrap their function, and its own names would not be found.
"""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from motrice.core import policies
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.policies import get_permitted
from motrice.directory.models import Organisation
from motrice.sourcing import api_schemas as shapes
from motrice.sourcing import marts, ranking, rules
from motrice.sourcing.enums import Channel, NeedStatus, OfferStatus, ReferralStatus
from motrice.sourcing.models import JointAnswer, Message, Need, NeedSecret, Offer, Outcome, Referral
from motrice.sourcing.operations import joint as joints
from motrice.sourcing.operations import needs as need_operations
from motrice.sourcing.operations import offers as offer_operations
from motrice.sourcing.operations import outcomes, referrals, routing
from motrice.sourcing.operations.candidates import exclude, shortlist
from motrice.sourcing.operations.desk import record_nda
from motrice.sourcing.policies import is_desk
from motrice.sourcing.queries import desk_officers, find_offers, matched_words
from motrice.web.rest import paginated

prefix = "/desk"
router = Router()


def _actor(request: HttpRequest) -> Any:
    """Whose session or token it is."""
    return request.auth  # type: ignore[attr-defined]


def _need(request: HttpRequest, reference: str, action: str = "view") -> Need:
    return get_permitted(Need, _actor(request), action, reference=reference)


def _referral(request: HttpRequest, reference: str, action: str = "view") -> Referral:
    return get_permitted(Referral, _actor(request), action, reference=reference)


def _team(request: HttpRequest, reference: str, *, field: str = "team") -> Organisation:
    team = Organisation.objects.permitted(_actor(request)).filter(reference=reference).first()
    if team is None:
        raise RuleViolation(_("No organisation that you may see has this reference."), field=field)
    return team


@router.get("/needs", response=list[shapes.NeedOut])
@paginated
def need_list(
    request: HttpRequest,
    status: NeedStatus | None = None,
    segment: str = Query("", max_length=64),
    is_open: bool | None = None,
) -> Any:
    """The needs that the caller may see as the desk, the company or an auditor does."""
    rows = Need.objects.permitted(_actor(request)).select_related("owner", "office", "company")
    if status is not None:
        rows = rows.filter(status=status)
    if segment:
        rows = rows.filter(segment=segment)
    if is_open is not None:
        rows = rows.open() if is_open else rows.exclude(pk__in=Need.objects.open().values("pk"))
    return rows.order_by("-received_at", "pk")


@router.post("/needs", response={201: shapes.NeedOut})
def need_submit(request: HttpRequest, payload: shapes.NeedIn) -> Any:
    """State a need: as the company's contact for one's own company, or as an officer for any company."""
    actor = _actor(request)
    data = payload.dict()
    wanted = data.pop("company")
    company = _team(request, wanted, field="company") if wanted else None
    names = {name: data.pop(name) for name in ("company_name", "contact_name", "contact_email")}
    officer = is_desk(actor)
    contact = need_operations.Contact(
        company=company,
        company_name=names["company_name"],
        user=None if officer else actor,
        name=names["contact_name"],
        email=names["contact_email"],
    )
    statement = need_operations.Statement(**data)
    channel = Channel.OFFICER if officer else Channel.SITE
    return Status(201, need_operations.submit_need(actor=actor, statement=statement, contact=contact, channel=channel))


@router.get("/needs/{reference}", response=shapes.NeedOut)
def need_detail(request: HttpRequest, reference: str) -> Any:
    """One need, without its confidential part."""
    return _need(request, reference)


@router.get("/needs/{reference}/secret", response=shapes.SecretOut)
def need_secret(request: HttpRequest, reference: str) -> Any:
    """The confidential part: 404 to who may not read it, and when there is none."""
    return get_permitted(NeedSecret, _actor(request), "view", need__reference=reference)


@router.get("/needs/{reference}/messages", response=list[shapes.MessageOut])
@paginated
def need_messages(request: HttpRequest, reference: str) -> Any:
    """The messages of a need that the caller takes part in."""
    need = _need(request, reference)
    return Message.objects.permitted(_actor(request)).filter(need=need).select_related("author")


@router.post("/needs/{reference}/qualify", response=shapes.NeedOut)
def need_qualify(request: HttpRequest, reference: str, payload: shapes.MessageIn) -> Any:
    """Take a need in charge by answering its company."""
    need = _need(request, reference)
    return need_operations.qualify_need(need=need, message=payload.text, actor=_actor(request))


@router.post("/needs/{reference}/write", response={201: shapes.MessageOut})
def need_write(request: HttpRequest, reference: str, payload: shapes.WriteIn) -> Any:
    """Write to the company, as the desk."""
    need = _need(request, reference)
    return Status(201, need_operations.write_to_company(need=need, actor=_actor(request), **payload.dict()))


@router.post("/needs/{reference}/reply", response={201: shapes.MessageOut})
def need_reply(request: HttpRequest, reference: str, payload: shapes.MessageIn) -> Any:
    """Write to the desk, as the company."""
    need = _need(request, reference)
    return Status(201, need_operations.reply_to_desk(need=need, text=payload.text, actor=_actor(request)))


@router.post("/needs/{reference}/reassign", response=shapes.ReassignedOut)
def need_reassign(request: HttpRequest, reference: str, payload: shapes.ReassignIn) -> Any:
    """Give a need to another officer of a desk, with the reason."""
    need = _need(request, reference, "reassign")
    owner = next((user for user in desk_officers() if user.reference == payload.owner), None)
    if owner is None:
        raise RuleViolation(_("No officer of a need desk has this reference."), field="owner")
    routing.reassign_need(need=need, owner=owner, actor=_actor(request), reason=payload.reason)
    return {"reference": need.reference, "owner": str(owner)}


@router.post("/needs/{reference}/withdraw", response=shapes.NeedOut)
def need_withdraw(request: HttpRequest, reference: str, payload: shapes.ReasonIn) -> Any:
    """End a need because the company no longer has it."""
    need = _need(request, reference)
    return outcomes.withdraw_need(need=need, actor=_actor(request), reason=payload.reason)


@router.post("/needs/{reference}/decline", response=shapes.NeedOut)
def need_decline(request: HttpRequest, reference: str, payload: shapes.MessageIn) -> Any:
    """Tell the company that the network cannot take its need."""
    need = _need(request, reference)
    return outcomes.decline_need(need=need, message=payload.text, actor=_actor(request))


@router.post("/needs/{reference}/close", response=shapes.NeedOut)
def need_close(request: HttpRequest, reference: str, payload: shapes.CloseIn) -> Any:
    """Close a need with its outcome, or with the reason why there is none."""
    need = _need(request, reference)
    return outcomes.close_need(need=need, actor=_actor(request), **payload.dict())


@router.post("/needs/{reference}/reopen", response=shapes.NeedOut)
def need_reopen(request: HttpRequest, reference: str, payload: shapes.ReasonIn) -> Any:
    """Take an ended need up again."""
    need = _need(request, reference)
    return outcomes.reopen_need(need=need, actor=_actor(request), reason=payload.reason)


@router.get("/needs/{reference}/outcomes", response=list[shapes.OutcomeOut])
@paginated
def outcome_list(request: HttpRequest, reference: str) -> Any:
    """What a need led to."""
    return Outcome.objects.permitted(_actor(request)).filter(need=_need(request, reference))


@router.post("/needs/{reference}/outcomes", response={201: shapes.OutcomeOut})
def outcome_record(request: HttpRequest, reference: str, payload: shapes.OutcomeIn) -> Any:
    """Record an introduction, an NDA or a contract."""
    need, data = _need(request, reference), payload.dict()
    asked = data.pop("referral")
    referral = _referral(request, asked) if asked else None
    return Status(201, outcomes.record_outcome(need=need, referral=referral, actor=_actor(request), **data))


@router.post("/needs/{reference}/ndas", response={201: shapes.NdaOut})
def nda_record(request: HttpRequest, reference: str, payload: shapes.NdaIn) -> Any:
    """Record the NDA of a team: it then reads the confidential part."""
    need, data = _need(request, reference), payload.dict()
    team = _team(request, data.pop("team"))
    return Status(201, record_nda(need=need, organisation=team, actor=_actor(request), **data))


@router.get("/needs/{reference}/ranking", response=list[shapes.RankedOut])
def need_ranking(
    request: HttpRequest,
    reference: str,
    region: str = Query("", max_length=80),
    limit: int = Query(10, ge=1, le=50),
    with_secret: bool = False,
) -> Any:
    """Who can answer, with the evidence and its weight; `with_secret` searches the confidential part too."""
    need, actor = _need(request, reference, "rank"), _actor(request)
    uses = with_secret and ranking.has_secret_for(need, actor)
    rows = ranking.rank_teams(need, actor, filters=ranking.Filters(region=region), with_secret=uses, limit=limit)
    return [shapes.ranked(row) for row in rows]


@router.post("/needs/{reference}/candidates", response={201: shapes.CandidateOut})
def candidate_add(request: HttpRequest, reference: str, payload: shapes.CandidateIn) -> Any:
    """Keep a team for a need, or set it aside with a reason."""
    need, team = _need(request, reference), _team(request, payload.team)
    act = exclude if payload.is_excluded else shortlist
    return Status(201, act(need=need, organisation=team, reason=payload.reason, actor=_actor(request)))


@router.post("/needs/{reference}/referrals", response={201: list[shapes.ReferralOut]})
def need_refer(request: HttpRequest, reference: str, payload: shapes.ReferIn) -> Any:
    """Put a need to one or several teams: all are asked, or none."""
    need = _need(request, reference)
    targets = [referrals.Target(_team(request, one, field="teams")) for one in dict.fromkeys(payload.teams)]
    made = referrals.refer_need(
        need=need,
        targets=targets,
        message=payload.message,
        due_at=payload.due_at,
        actor=_actor(request),
    )
    return Status(201, made)


@router.get("/referrals", response=list[shapes.ReferralOut])
@paginated
def referral_list(request: HttpRequest, status: ReferralStatus | None = None) -> Any:
    """The referrals that the caller may see: a team's inbox, or the desk's."""
    rows = Referral.objects.permitted(_actor(request)).select_related("need", "organisation")
    return (rows.filter(status=status) if status else rows).order_by("-sent_at", "pk")


@router.get("/referrals/{reference}", response=shapes.ReferralOut)
def referral_detail(request: HttpRequest, reference: str) -> Any:
    """One referral."""
    return _referral(request, reference)


@router.post("/referrals/{reference}/accept", response=shapes.ReferralOut)
def referral_accept(request: HttpRequest, reference: str, payload: shapes.MessageIn) -> Any:
    """Accept, as the team."""
    return referrals.accept_referral(
        referral=_referral(request, reference),
        answer=payload.text,
        actor=_actor(request),
    )


@router.post("/referrals/{reference}/refuse", response=shapes.ReferralOut)
def referral_refuse(request: HttpRequest, reference: str, payload: shapes.RefuseIn) -> Any:
    """Refuse, as the team, with a reason of the list."""
    referral = _referral(request, reference)
    return referrals.refuse_referral(referral=referral, actor=_actor(request), **payload.dict())


@router.post("/referrals/{reference}/ask", response={201: shapes.MessageOut})
def referral_ask(request: HttpRequest, reference: str, payload: shapes.MessageIn) -> Any:
    """Ask a question, as the team."""
    referral = _referral(request, reference)
    return Status(201, referrals.ask_question(referral=referral, text=payload.text, actor=_actor(request)))


@router.post("/referrals/{reference}/answer", response={201: shapes.MessageOut})
def referral_answer(request: HttpRequest, reference: str, payload: shapes.MessageIn) -> Any:
    """Answer a team's question, as the desk."""
    referral = _referral(request, reference)
    return Status(201, referrals.answer_question(referral=referral, text=payload.text, actor=_actor(request)))


@router.post("/referrals/{reference}/call-back", response=shapes.ReferralOut)
def referral_call_back(request: HttpRequest, reference: str, payload: shapes.ReasonIn) -> Any:
    """Call a referral back, as the desk."""
    referral = _referral(request, reference)
    return referrals.call_back(referral=referral, reason=payload.reason, actor=_actor(request))


@router.post("/referrals/{reference}/joint", response={201: shapes.JointOut})
def joint_propose(request: HttpRequest, reference: str, payload: shapes.JointIn) -> Any:
    """Propose to answer with another team."""
    referral, team = _referral(request, reference), _team(request, payload.partner, field="partner")
    return Status(
        201, joints.propose_joint(referral=referral, partner_team=team, text=payload.text, actor=_actor(request))
    )


@router.post("/joint-answers/{reference}/confirm", response=shapes.JointOut)
def joint_confirm(request: HttpRequest, reference: str) -> Any:
    """Confirm a joint answer, as the second team."""
    joint = get_permitted(JointAnswer, _actor(request), "view", reference=reference)
    return joints.confirm_joint(joint=joint, actor=_actor(request))


@router.post("/joint-answers/{reference}/decline", response=shapes.JointOut)
def joint_decline(request: HttpRequest, reference: str) -> Any:
    """Decline a joint answer, as the second team."""
    joint = get_permitted(JointAnswer, _actor(request), "view", reference=reference)
    return joints.decline_joint(joint=joint, actor=_actor(request))


@router.get("/offers", response=list[shapes.OfferOut])
@paginated
def offer_list(request: HttpRequest, status: OfferStatus | None = None, overdue: bool = False) -> Any:
    """The offers that the caller may see."""
    rows = Offer.objects.permitted(_actor(request)).select_related("organisation").prefetch_related("segments")
    rows = rows.overdue() if overdue else rows
    return (rows.filter(status=status) if status else rows).order_by("review_on", "pk")


@router.get("/offers/find", response=list[shapes.FoundOut])
def offer_find(
    request: HttpRequest, q: str = Query(..., min_length=1, max_length=2000), segment: str = Query("", max_length=64)
) -> Any:
    """The five offers that answer a firm's words best, and what matched."""
    actor = _actor(request)
    found = find_offers(q, Offer.objects.permitted(actor).current(), actor=actor, segment=segment)
    return [{"offer": one.offer, "score": one.score, "matched": matched_words(one.matches)} for one in found]


@router.get("/offers/{reference}", response=shapes.OfferOut)
def offer_detail(request: HttpRequest, reference: str) -> Any:
    """One offer."""
    return get_permitted(Offer, _actor(request), "view", reference=reference)


@router.post("/offers/{reference}/review", response=shapes.OfferOut)
def offer_review(request: HttpRequest, reference: str, payload: shapes.ReviewIn) -> Any:
    """Confirm that an offer still holds, until a next day."""
    offer = get_permitted(Offer, _actor(request), "review", reference=reference)
    return offer_operations.review_offer(offer=offer, review_on=payload.review_on, actor=_actor(request))


@router.get("/segments", response=list[shapes.SegmentOut])
def segment_list(request: HttpRequest) -> Any:
    """The market segments and their NAF codes."""
    return [{"code": row.code, "name": row.data["name"], "naf": row.data["naf"]} for row in rules.segments()]


@router.get("/report", response=shapes.ReportOut)
def report(request: HttpRequest) -> Any:
    """The figures of the desk, over the needs that the caller may see."""
    actor = _actor(request)
    if not (is_desk(actor) or policies.holds(actor, "auditor")):
        raise NotPermitted(_("This page is kept to other roles than yours."))
    calendar = rules.current_promise().calendar
    figures = marts.need_report(Need.objects.permitted(actor), calendar.working_days_between)
    return {**vars(figures), "at": timezone.now()}
