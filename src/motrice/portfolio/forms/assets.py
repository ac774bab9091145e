"""Forms of the portfolio: shape of what is typed; the rules are in the operations."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motrice.accounts.models import RoleAssignment, User
from motrice.core.confidentiality import Level
from motrice.core.policies import scopes
from motrice.directory.fields import record_field
from motrice.directory.models import Organisation
from motrice.directory.policies import LABEL as ORGANISATION
from motrice.portfolio.enums import AssetKind, AssetStatus, Descent, EventKind, FeeCategory, Route, Scheme
from motrice.portfolio.fields import ShareField
from motrice.portfolio.models import Application, Asset
from motrice.portfolio.policies.assets import OFFICE_STAFF
from motrice.portfolio.queries.payers import known_payers
from motrice.web.forms import FileField, set_actor

DAY = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
LANGUAGES = [("fr", "Français"), ("en", "English")]
CLASSES_HELP = _("Symbols separated by commas, the main one first: C22F 1/00, B23K 9/04.")


class AssetForm(forms.Form):
    """What an asset is."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AssetKind.choices)
    title = forms.CharField(label=_("Title"), max_length=300)
    summary = forms.CharField(
        label=_("Summary"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
        required=False,
        help_text=_("What it is, what it is for, and what is better than what others have."),
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=LANGUAGES)
    docket_number = forms.CharField(label=_("Our reference"), max_length=40, required=False)
    starts_on = forms.DateField(
        label=_("Exists since"),
        help_text=_("The day of the invention, of the first version, of the first use."),
        **DAY,
    )
    unit = record_field("unit", label=_("Laboratory of origin"), required=False)
    trl = forms.TypedChoiceField(
        label=_("Readiness"),
        choices=[("", _("Not known")), *((number, f"TRL {number}") for number in range(1, 10))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    classes = forms.CharField(
        label=_("Classes"),
        max_length=2000,
        required=False,
        help_text=CLASSES_HELP,
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_actor(self, actor)

    def clean_classes(self) -> list[tuple[str, str]]:
        """The symbols, each once."""
        return read_classes(self.cleaned_data["classes"], Scheme.IPC)


SYMBOL = re.compile(r"^([A-H]\d{2}[A-Z])\s*(\d{1,4})\s*/\s*(\d{2,6})$|^([A-H]\d{2}[A-Z]?)$")


def read_classes(text: str, scheme: str) -> list[tuple[str, str]]:
    """Symbols of the IPC or CPC out of a line of text, in their usual form; refused by name when one is none."""
    found = []
    for piece in filter(None, (part.strip().upper() for part in text.split(","))):
        match = SYMBOL.match(piece)
        if match is None:
            raise forms.ValidationError(
                _("“%(text)s” is not a symbol of the classification, such as C22F 1/00."), params={"text": piece}
            )
        found.append((scheme, match[4] or f"{match[1]} {int(match[2])}/{match[3]}"))
    return list(dict.fromkeys(found))


class NewAssetForm(AssetForm):
    """A new asset, with the office that answers for it."""

    office = forms.ModelChoiceField(label=_("Office that answers for it"), queryset=Organisation.objects.none())
    disclosure = forms.CharField(max_length=8, required=False, widget=forms.HiddenInput)
    field_order = ("office", "kind", "title")

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        offices = Organisation.objects.filter(pk__in=scopes(actor, ORGANISATION, *OFFICE_STAFF)).order_by("name")
        self.fields["office"].queryset = offices  # type: ignore[attr-defined]
        if len(offices) == 1:
            self.fields["office"].initial = offices[0]


class OwnerForm(forms.Form):
    """One owner and its part."""

    organisation = record_field(label=_("Owner"))
    share = ShareField(label=_("Share"))


class MakerForm(forms.Form):
    """One inventor or author and their part."""

    field_order = ("name", "share")
    name = forms.CharField(label=_("Name"), max_length=160)
    person = record_field("person", label=_("Record in the directory"), required=False)
    unit = record_field("unit", label=_("Unit then"), required=False)
    share = ShareField(label=_("Share"))


class PeopleFormSet(forms.BaseFormSet):
    """Rows of owners or makers, each of which knows who is choosing."""

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(*args, **kwargs)

    def _construct_form(self, i: int, **kwargs: Any) -> forms.Form:
        form = super()._construct_form(i, **kwargs)
        set_actor(form, self.actor)
        return form

    def rows(self) -> list[dict[str, Any]]:
        """What was filled in, row by row."""
        return [form.cleaned_data for form in self.forms if form.cleaned_data]


OwnerFormSet = forms.formset_factory(OwnerForm, formset=PeopleFormSet, extra=3, max_num=20, absolute_max=20)
MakerFormSet = forms.formset_factory(MakerForm, formset=PeopleFormSet, extra=4, max_num=40, absolute_max=40)


class EditAssetForm(AssetForm):
    """What an asset says of itself, with the reason of the change."""

    reason = forms.CharField(
        label=_("Why this change?"), max_length=300, required=False, help_text=_("Kept in the history of the record.")
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        for name in ("kind", "starts_on", "classes"):
            del self.fields[name]


class ClassesForm(forms.Form):
    """The classes of an asset, IPC and CPC apart."""

    ipc = forms.CharField(label="IPC", max_length=2000, required=False, help_text=CLASSES_HELP)
    cpc = forms.CharField(label="CPC", max_length=4000, required=False)

    def clean_ipc(self) -> list[tuple[str, str]]:
        return read_classes(self.cleaned_data["ipc"], Scheme.IPC)

    def clean_cpc(self) -> list[tuple[str, str]]:
        return read_classes(self.cleaned_data["cpc"], Scheme.CPC)


class LevelForm(forms.Form):
    """How far an asset is seen."""

    level = forms.ChoiceField(label=_("Who sees it"), choices=Level.choices)
    reason = forms.CharField(label=_("Why?"), max_length=300, help_text=_("Kept in the history of the record."))


def office_people(office: Organisation, *kinds: str) -> Any:
    """The accounts that hold one of these roles at an office today."""
    held = RoleAssignment.objects.current().filter(kind__in=kinds, scope_label=ORGANISATION, scope_pk=office.pk)
    return User.objects.active().filter(pk__in=held.values("user_id")).order_by("display_name", "pk")


class HandOverForm(forms.Form):
    """Who works on an asset."""

    officer = forms.ModelChoiceField(label=_("Officer in charge"), queryset=User.objects.none())
    engineer = forms.ModelChoiceField(label=_("Patent engineer"), queryset=User.objects.none(), required=False)
    firm = record_field("company", label=_("Patent firm"), required=False)
    reason = forms.CharField(label=_("Why?"), max_length=300, required=False)

    def __init__(self, *args: Any, asset: Asset, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = office_people(asset.office, *OFFICE_STAFF) | User.objects.filter(pk=asset.officer_id)
        engineers = office_people(asset.office, "patent_engineer") | User.objects.filter(pk=asset.engineer_id)
        self.fields["officer"].queryset = people.distinct()  # type: ignore[attr-defined]
        self.fields["engineer"].queryset = engineers.distinct()  # type: ignore[attr-defined]
        set_actor(self, actor)


class EndForm(forms.Form):
    """How and when an asset ended."""

    status = forms.ChoiceField(
        label=_("How it ended"),
        choices=[(value, value.label) for value in (AssetStatus.EXPIRED, AssetStatus.ASSIGNED)],
    )
    ended_on = forms.DateField(label=_("Ended on"), **DAY)
    reason = forms.CharField(label=_("Why?"), max_length=300, required=False)


class FilingForm(forms.Form):
    """One filing at one office."""

    office = forms.CharField(
        label=_("Office"), max_length=2, min_length=2, help_text=_("Two letters: FR, EP, WO, US.")
    )
    route = forms.ChoiceField(label=_("Route"), choices=Route.choices)
    number = forms.CharField(label=_("Application number"), max_length=30, required=False)
    filed_on = forms.DateField(label=_("Filed on"), required=False, **DAY)
    parent = forms.ModelChoiceField(
        label=_("Comes from"), queryset=Application.objects.none(), required=False, empty_label=_("nothing before it")
    )
    descent = forms.ChoiceField(label=_("How"), choices=[("", "—"), *Descent.choices], required=False)
    priority_of = forms.ModelMultipleChoiceField(
        label=_("Claims the priority of"),
        queryset=Application.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    agent = record_field("company", label=_("Agent before the office"), required=False)
    agent_reference = forms.CharField(label=_("Agent's reference"), max_length=60, required=False)
    language = forms.CharField(label=_("Language of the procedure"), max_length=2, required=False)
    fee_category = forms.ChoiceField(
        label=_("Rate of fees"),
        choices=FeeCategory.choices,
        initial=FeeCategory.STANDARD,
        required=False,
        help_text=_("Other than standard only where the fee tables of the office have such amounts."),
    )

    def __init__(self, *args: Any, asset: Asset, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Application.objects.filter(asset=asset).order_by("filed_on", "pk")
        self.fields["parent"].queryset = held  # type: ignore[attr-defined]
        dated = held.exclude(number="").exclude(filed_on=None)
        self.fields["priority_of"].queryset = dated  # type: ignore[attr-defined]
        set_actor(self, actor)

    def clean_fee_category(self) -> str:
        """The standard fees unless others are named."""
        return self.cleaned_data["fee_category"] or FeeCategory.STANDARD


class FeesForm(forms.Form):
    """Which fees the applicant pays: those that the tables know for this application."""

    fee_category = forms.ChoiceField(
        label=_("Rate of fees"), help_text=_("Amounts still to be paid follow; what was paid stays as it was.")
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = known_payers([application], on=timezone.localdate())[application.pk]
        field = self.fields["fee_category"]
        field.choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in FeeCategory.choices if value in (*known, application.fee_category)
        ]
        if len(known) == 1:
            field.help_text = _(
                "No fee table has another rate for this application: an administrator enters it first."
            )


class PublicationForm(forms.Form):
    """A published document of a filing."""

    number = forms.CharField(
        label=_("Publication number"), max_length=30, help_text=_("Without the office and the kind.")
    )
    kind_code = forms.CharField(label=_("Kind code"), max_length=3, help_text=_("A1, A2, B1…"))
    published_on = forms.DateField(label=_("Published on"), **DAY)
    language = forms.CharField(label=_("Language"), max_length=2, required=False)


class EventForm(forms.Form):
    """Something that happened in a procedure."""

    kind = forms.ChoiceField(label=_("What happened"), choices=EventKind.choices)
    occurred_on = forms.DateField(label=_("Date"), **DAY)
    year = forms.IntegerField(
        label=_("Year of the annuity"),
        min_value=1,
        max_value=50,
        required=False,
        help_text=_("For a paid annuity: which year of protection."),
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=5000, required=False)


class CorrectEventForm(forms.Form):
    """The date, year or note of an event, corrected."""

    occurred_on = EventForm.base_fields["occurred_on"]
    year = EventForm.base_fields["year"]
    note = EventForm.base_fields["note"]
    reason = forms.CharField(label=_("Why this change?"), max_length=300)


class RemoveEventForm(forms.Form):
    """Why an event is taken back."""

    reason = forms.CharField(
        label=_("Why is it taken back?"), max_length=300, help_text=_("The history keeps the event and this reason.")
    )


PATENT_FILES = ".xml,.zip,.gz,.json,.csv,.txt"


class PatentFileForm(forms.Form):
    """A patent file, or the number of a publication, and the office that will hold what is in it."""

    office = forms.ChoiceField(label=_("Office that will hold the families"))
    number = forms.CharField(
        label=_("Publication number"),
        required=False,
        max_length=40,
        help_text=_("Such as EP1000000: its whole family, from Open Patent Services of the EPO."),
    )
    file = FileField(
        label=_("Or a file"),
        accept=PATENT_FILES,
        required=False,
        help_text=_("XML, JSON, CSV or text of an office or a service, packed or not."),
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Organisation.objects.live().permitted(actor, "register_asset").order_by("name", "pk")
        self.fields["office"].choices = [(row.reference, row.name) for row in rows]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One of the two, not both."""
        content = super().clean() or {}
        if bool(content.get("number")) == bool(content.get("file")) and "file" not in self.errors:
            self.add_error("number", gettext("Give a publication number or a file."))
        return content
