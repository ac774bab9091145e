"""Forms of co-ownership and of what only one kind of asset has."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motrice.directory.fields import record_field
from motrice.directory.models import Organisation
from motrice.portfolio.enums import DepositKind, MaterialKind, MeasureKind, NoticeAnswer, NoticeSubject, PartUse
from motrice.portfolio.fields import ShareField
from motrice.portfolio.forms.assets import DAY
from motrice.portfolio.models import (
    Abandonment,
    AgentDesignation,
    Asset,
    CoOwnerNotice,
    SecrecyMeasure,
    ThirdPartyPart,
)
from motrice.portfolio.queries.coownership import offered_to, owners_on, unit_parts
from motrice.portfolio.words.coownership import SALE_ANSWERS
from motrice.web.forms import set_actor

LONG = {"widget": forms.Textarea(attrs={"rows": 4}), "max_length": 5000}
WHY = {"label": _("Why?"), "max_length": 300, "help_text": _("Kept in the history of the record.")}


def bodies(rows: list[Organisation]) -> QuerySet[Organisation]:
    """These bodies as the choices of a field."""
    return Organisation.objects.filter(pk__in=[row.pk for row in rows]).order_by("name", "pk")


class AssetActForm(forms.Form):
    """A form that knows the asset it is about and who is choosing."""

    def __init__(self, *args: Any, asset: Asset, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asset = asset
        set_actor(self, actor)

    def choose(self, name: str, rows: QuerySet[Any]) -> None:
        """The choices of one field."""
        self.fields[name].queryset = rows  # type: ignore[attr-defined]


class TransferForm(AssetActForm):
    """Who gives what part to whom, and from when."""

    giver = forms.ModelChoiceField(label=_("Given by"), queryset=Organisation.objects.none())
    taker = record_field(label=_("Given to"))
    share = ShareField(label=_("Part given"), help_text=_("Of the whole asset: 1/4 or 25 %."))
    on = forms.DateField(label=_("From"), **DAY)
    ground = forms.CharField(label=_("By which deed"), max_length=200)
    exempt = forms.CharField(
        label=_("Why no other owner may buy it first"),
        max_length=200,
        required=False,
        help_text=_("For a third party: the agreement of the co-owners, a merger, a decision. Kept in the history."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.asset.ownerships.values("organisation_id")
        self.choose("giver", Organisation.objects.filter(pk__in=held).order_by("name", "pk"))


class SaleForm(AssetActForm):
    """A part to be sold to a third party, and its price."""

    seller = forms.ModelChoiceField(label=_("Sold by"), queryset=Organisation.objects.none())
    buyer = record_field(label=_("Sold to"))
    share = ShareField(label=_("Part sold"), help_text=_("Of the whole asset: 1/4 or 25 %."))
    price = forms.DecimalField(label=_("Price"), max_digits=14, decimal_places=2, min_value=Decimal(0))
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3, initial="EUR")
    text = forms.CharField(label=_("Terms of the sale"), **LONG)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.asset.ownerships.on(timezone.localdate()).values("organisation_id")
        self.choose("seller", Organisation.objects.filter(pk__in=held).order_by("name", "pk"))


class CorrectSharesForm(AssetActForm):
    """The shares of some days written anew: one field for each owner so far, and one for another."""

    starts_on = forms.DateField(label=_("From"), **DAY)
    ends_on = forms.DateField(label=_("To"), required=False, help_text=_("Left empty: until further notice."), **DAY)
    other = record_field(label=_("Another owner"), required=False)
    other_share = ShareField(label=_("Share of the other owner"), required=False)
    reason = forms.CharField(**WHY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = {row.organisation_id: row.share for row in self.asset.ownerships.on(timezone.localdate())}
        held = self.asset.ownerships.values("organisation_id")
        self.owners = list(Organisation.objects.filter(pk__in=held).order_by("name", "pk"))
        for owner in self.owners:
            self.fields[f"share_{owner.reference}"] = ShareField(
                label=owner.name, required=False, initial=today.get(owner.pk)
            )
        names = [f"share_{owner.reference}" for owner in self.owners]
        self.order_fields(["starts_on", "ends_on", *names, "other", "other_share", "reason"])

    def clean(self) -> dict[str, Any]:
        """The shares by owner; a body chosen without its share, or the reverse, is asked for."""
        data = super().clean() or {}
        shares: dict[Organisation, Fraction] = {}
        for owner in self.owners:
            share = data.pop(f"share_{owner.reference}", None)
            if share:
                shares[owner] = share
        other, share = data.pop("other", None), data.pop("other_share", None)
        if bool(other) != bool(share):
            self.add_error("other_share", _("Give the other owner and its share, or neither."))
        elif other:
            shares[other] = shares.get(other, Fraction(0)) + share
        data["shares"] = shares
        return data


class MakersForm(AssetActForm):
    """The part of each inventor or author."""

    reason = forms.CharField(**WHY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names: dict[int, str] = {}
        for number, row in enumerate(self.asset.contributors.all(), start=1):
            self.names[number] = f"part_{number}"
            self.fields[f"part_{number}"] = ShareField(label=row.name, initial=row.share)
        self.order_fields([*self.names.values(), "reason"])

    def clean(self) -> dict[str, Any]:
        """The parts by place in the list."""
        data = super().clean() or {}
        found = {number: data.pop(name, None) for number, name in self.names.items()}
        data["parts"] = {number: share for number, share in found.items() if share}
        return data


class AcceptAgentForm(AssetActForm):
    """From when the agent of the rules acts."""

    on = forms.DateField(label=_("From"), initial=timezone.localdate, **DAY)
    field = forms.CharField(
        label=_("Field"), max_length=80, required=False, help_text=_("Where its unit has an agent for one field.")
    )


class AgreeAgentForm(AssetActForm):
    """Another agent, agreed on by the co-owners."""

    agent = record_field(label=_("Agent agreed on"))
    declared_on = forms.DateField(label=_("Declaration received on"), **DAY)
    agreed_on = forms.DateField(label=_("Agreed on"), **DAY)
    ground = forms.CharField(label=_("By what act"), max_length=200)


class NotifyAgentForm(AssetActForm):
    """Which agent told which other, and at what time."""

    sender = forms.ModelChoiceField(label=_("From the agent"), queryset=Organisation.objects.none())
    recipient = forms.ModelChoiceField(label=_("To the agent"), queryset=Organisation.objects.none())
    notified_at = forms.DateTimeField(
        label=_("Time of the notice"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [part.unit for part in unit_parts(self.asset)]
        agents = AgentDesignation.objects.filter(unit_id__in=units).values("agent_id")
        for name in ("sender", "recipient"):
            self.choose(name, Organisation.objects.filter(pk__in=agents).order_by("name", "pk"))


class NotifyOwnersForm(AssetActForm):
    """A decision to protect, told to every other owner."""

    decided_on = forms.DateField(label=_("Decided on"), **DAY)
    sent_on = forms.DateField(label=_("Told on"), initial=timezone.localdate, **DAY)
    text = forms.CharField(label=_("What was decided"), **LONG)
    late_reason = forms.CharField(
        label=_("Why it is late"), max_length=300, required=False, help_text=_("Only after the delay of the law.")
    )


class StartAbandonmentForm(AssetActForm):
    """Why a title is to be given up, and what its co-owners are told."""

    reason = forms.CharField(label=_("Why give it up?"), max_length=300)
    text = forms.CharField(label=_("Message to the co-owners"), required=False, **LONG)


class CostForm(AssetActForm):
    """What one owner paid for the others."""

    payer = forms.ModelChoiceField(label=_("Paid by"), queryset=Organisation.objects.none())
    paid_on = forms.DateField(label=_("Paid on"), **DAY)
    amount = forms.DecimalField(label=_("Amount"), max_digits=12, decimal_places=2, min_value=Decimal("0.01"))
    currency = forms.CharField(label=_("Currency"), max_length=3, min_length=3, initial="EUR")
    what = forms.CharField(label=_("What for"), max_length=200)
    invoice = forms.CharField(label=_("Invoice"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = owners_on(self.asset, timezone.localdate())
        self.choose("payer", bodies([*today, self.asset.office]))


class WhyForm(forms.Form):
    """Why."""

    reason = forms.CharField(**WHY)


class HandTitleOverForm(forms.Form):
    """To which co-owner the title goes, from when, by which deed."""

    taker = forms.ModelChoiceField(label=_("Taken over by"), queryset=Organisation.objects.none())
    on = forms.DateField(label=_("From"), **DAY)
    ground = forms.CharField(label=_("By which deed"), max_length=200)

    def __init__(self, *args: Any, abandonment: Abandonment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        takers = abandonment.notices.filter(answer=NoticeAnswer.TAKES_OVER).values("owner_id")
        self.fields["taker"].queryset = Organisation.objects.filter(pk__in=takers)  # type: ignore[attr-defined]


class OfferForm(forms.Form):
    """A co-owner who was not offered the title yet."""

    owner = forms.ModelChoiceField(label=_("Co-owner"), queryset=Organisation.objects.none())
    text = forms.CharField(label=_("Message"), required=False, **LONG)

    def __init__(self, *args: Any, abandonment: Abandonment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = set(abandonment.notices.values_list("owner_id", flat=True))
        rest = [row for row in offered_to(abandonment.asset, timezone.localdate()) if row.pk not in told]
        self.fields["owner"].queryset = bodies(rest)  # type: ignore[attr-defined]


class ReceiptForm(forms.Form):
    """When a notice was received."""

    received_on = forms.DateField(label=_("Received on"), **DAY)


class AnswerForm(forms.Form):
    """What a co-owner answers."""

    answer = forms.ChoiceField(label=_("Your answer"), choices=NoticeAnswer.choices, widget=forms.RadioSelect)
    text = forms.CharField(label=_("Message"), required=False, **LONG)

    def __init__(self, *args: Any, notice: CoOwnerNotice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if notice.subject == NoticeSubject.PROTECTION:
            self.fields["answer"].choices = [  # type: ignore[attr-defined]
                (NoticeAnswer.NOTED.value, NoticeAnswer.NOTED.label)
            ]
        elif notice.subject == NoticeSubject.SALE:
            self.fields["answer"].choices = list(SALE_ANSWERS.items())  # type: ignore[attr-defined]


class EndDesignationForm(forms.Form):
    """The last day of an agent."""

    ends_on = forms.DateField(label=_("Last day"), initial=timezone.localdate, **DAY)


class DesignateForm(forms.Form):
    """The agent of a unit."""

    unit = record_field("unit", label=_("Unit"))
    agent = record_field(label=_("Agent"), help_text=_("One of the supervisors, or a third body."))
    field = forms.CharField(
        label=_("Field"), max_length=80, required=False, help_text=_("Left empty: all the results of the unit.")
    )
    starts_on = forms.DateField(label=_("From"), **DAY)
    ends_on = forms.DateField(label=_("To"), required=False, **DAY)
    ground = forms.CharField(label=_("By what act"), max_length=200, required=False)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_actor(self, actor)


class SoftwareForm(forms.Form):
    """What a software says of itself."""

    technologies = forms.CharField(label=_("Languages and platforms"), max_length=200, required=False)
    repository_url = forms.URLField(label=_("Repository"), max_length=500, required=False, assume_scheme="https")
    licence = forms.CharField(
        label=_("Licence given (SPDX)"), max_length=120, required=False, help_text=_("MIT, CECILL-2.1, EUPL-1.2…")
    )
    is_exclusive = forms.BooleanField(label=_("An exclusive licence is planned or given"), required=False)
    swhid = forms.CharField(label=_("Software Heritage identifier"), max_length=400, required=False)
    deposit = forms.ChoiceField(label=_("Deposit"), choices=[("", "—"), *DepositKind.choices], required=False)
    deposit_number = forms.CharField(label=_("Deposit number"), max_length=80, required=False)
    deposited_on = forms.DateField(label=_("Deposited on"), required=False, **DAY)


class VersionForm(forms.Form):
    """A version of a software."""

    label = forms.CharField(label=_("Version"), max_length=40)
    released_on = forms.DateField(label=_("Date"), **DAY)
    note = forms.CharField(label=_("What changed"), max_length=300, required=False)


class PartForm(forms.Form):
    """Somebody else's code."""

    name = forms.CharField(label=_("Part"), max_length=120)
    version = forms.CharField(label=_("Version"), max_length=40, required=False)
    licence = forms.CharField(
        label=_("Its licence (SPDX)"), max_length=120, help_text=_("MIT, GPL-3.0-or-later, Apache-2.0 OR MIT…")
    )
    use = forms.ChoiceField(label=_("How it is used"), choices=PartUse.choices)
    url = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")


class RemovePartForm(AssetActForm):
    """Which part is not used any more."""

    part = forms.ModelChoiceField(label=_("Part"), queryset=ThirdPartyPart.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("part", ThirdPartyPart.objects.filter(software__asset=self.asset))


class KnowHowForm(forms.Form):
    """Who knows a secret, where it is written down and why it is worth keeping."""

    holders = forms.CharField(label=_("Who knows it"), required=False, **LONG)
    support = forms.CharField(label=_("Where it is written down"), required=False, **LONG)
    value = forms.CharField(label=_("Why it is worth keeping"), required=False, **LONG)


class MeasureForm(forms.Form):
    """A measure of secrecy."""

    kind = forms.ChoiceField(label=_("Measure"), choices=MeasureKind.choices)
    text = forms.CharField(label=_("What is done"), max_length=300)
    starts_on = forms.DateField(label=_("From"), **DAY)


class EndMeasureForm(AssetActForm):
    """Which measure stopped, and when."""

    measure = forms.ModelChoiceField(label=_("Measure"), queryset=SecrecyMeasure.objects.none())
    ends_on = forms.DateField(label=_("Last day"), **DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("measure", SecrecyMeasure.objects.filter(asset=self.asset, ends_on=None))


class MaterialForm(forms.Form):
    """A material."""

    material_kind = forms.ChoiceField(label=_("What it is"), choices=MaterialKind.choices)
    origin = forms.CharField(label=_("Origin and permits"), required=False, **LONG)
    storage = forms.CharField(label=_("Where it is kept"), max_length=200, required=False)
    restrictions = forms.CharField(label=_("Restrictions on use"), required=False, **LONG)
    is_available = forms.BooleanField(label=_("Can be supplied"), required=False)


class DesignForm(forms.Form):
    """A design."""

    product = forms.CharField(label=_("Product"), max_length=200)
    disclosed_on = forms.DateField(label=_("First shown on"), required=False, **DAY)


class MarkForm(forms.Form):
    """A trade mark."""

    sign = forms.CharField(label=_("Sign"), max_length=200)
    goods = forms.CharField(label=_("Goods and services"), required=False, **LONG)
    first_used_on = forms.DateField(label=_("First used on"), required=False, **DAY)
