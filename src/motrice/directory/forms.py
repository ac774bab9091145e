"""Forms of the directory: shape of each field; the rules are in the operations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motrice.accounts.models import User
from motrice.core.identifiers import identify
from motrice.core.imports import importers
from motrice.directory.enums import AffiliationRole, OrganisationKind, RelationKind, Scheme, SuccessionKind
from motrice.directory.fields import record_field
from motrice.directory.models import Evidence, Organisation, Person
from motrice.directory.operations.organisation import EDITABLE
from motrice.directory.rules import DOMAIN, STEP, TYPE, choices, region_labels
from motrice.web.formats import labelled
from motrice.web.forms import FileField, set_actor

DATE = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class ReasonMixin(forms.Form):
    """Why the change is made: kept in the history."""

    reason = forms.CharField(
        label=_("Why this change?"), max_length=300, required=False, help_text=_("Kept in the history of the record.")
    )

    def order_fields(self, field_order: Any) -> None:
        """What is changed comes first, why it is comes last."""
        super().order_fields(field_order)
        self.fields["reason"] = self.fields.pop("reason")


class SpanMixin(ReasonMixin):
    """From when to when, which cannot end before it begins."""

    def clean(self) -> dict[str, Any]:
        """Say it where the end is typed."""
        data = super().clean() or self.cleaned_data
        begun, ended = data.get("starts_on"), data.get("ends_on")
        if begun and ended and ended < begun:
            self.add_error("ends_on", _("The end cannot precede the start."))
        return data


class OrganisationForm(forms.ModelForm):
    """The plain fields of an organisation."""

    website = forms.URLField(label=_("Website"), max_length=500, required=False, assume_scheme="https")

    reason = ReasonMixin.base_fields["reason"]

    class Meta:
        model = Organisation
        fields = EDITABLE
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "description": forms.Textarea(attrs={"rows": 5}),
        }

    def values(self) -> dict[str, Any]:
        """The fields for the operation, without the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class PersonForm(forms.ModelForm):
    """The plain fields of a person."""

    reason = ReasonMixin.base_fields["reason"]

    class Meta:
        model = Person
        fields = ("given_name", "family_name", "email", "description", "level")
        widgets = {"description": forms.Textarea(attrs={"rows": 5})}

    def values(self) -> dict[str, Any]:
        """The fields for the operation, without the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class AccountForm(ReasonMixin):
    """Whose account is that of a person."""

    user = forms.EmailField(label=_("E-mail address of the account"))

    def clean_user(self) -> User:
        """The open account of this address."""
        found = User.objects.active().filter(email=self.cleaned_data["user"].strip().lower()).first()
        if found is None:
            raise forms.ValidationError(_("No account has this address: invite this person first."))
        return found


class WhyForm(ReasonMixin):
    """Why something is taken away: asked for."""

    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("Kept in the history of the record."))


class EvidenceForm(forms.ModelForm):
    """A text that shows what a unit or a person can do."""

    url = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")

    reason = ReasonMixin.base_fields["reason"]

    class Meta:
        model = Evidence
        fields = ("kind", "title", "text", "language", "dated_on", "url", "level")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 10}),
            "dated_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "language": forms.Select(choices=[("", "—"), ("fr", _("French")), ("en", _("English"))]),
        }

    def values(self) -> dict[str, Any]:
        """The fields for the operation, without the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class LinkForm(SpanMixin):
    """A typed link to another organisation."""

    kind = forms.ChoiceField(label=_("Link"), choices=RelationKind.choices)
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=[("in", _("the other body → this one")), ("out", _("this one → the other body"))],
        widget=forms.RadioSelect,
        initial="in",
    )
    other = record_field(label=_("The other body"), help_text=_("Its name, reference, address or a number."))
    starts_on = forms.DateField(label=_("From"), required=False, **DATE)
    ends_on = forms.DateField(label=_("To"), required=False, **DATE)
    label_number = forms.CharField(
        label=_("Label number"), required=False, max_length=40, help_text=_("For example UMR 5800.")
    )
    succession = forms.ChoiceField(
        label=_("How (for a succession)"), required=False, choices=[("", "—"), *SuccessionKind.choices]
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_actor(self, actor)


class EndForm(ReasonMixin):
    """The last day of a link, name, identifier or affiliation."""

    on = forms.DateField(label=_("Last day"), **DATE)


class AffiliationForm(SpanMixin):
    """Somebody's place in an organisation."""

    person = record_field("person", label=_("Person"), help_text=_("Their name, reference or ORCID."))
    role = forms.ChoiceField(label=_("Role"), choices=AffiliationRole.choices)
    starts_on = forms.DateField(label=_("From"), required=False, **DATE)
    ends_on = forms.DateField(label=_("To"), required=False, **DATE)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_actor(self, actor)


class IdentifierForm(ReasonMixin):
    """A number given by a register."""

    scheme = forms.ChoiceField(label=_("Register"), choices=Scheme.choices)
    value = forms.CharField(label=_("Identifier"), max_length=120)


class AddressForm(ReasonMixin):
    """Where it is."""

    street = forms.CharField(label=_("Street"), required=False, max_length=300)
    postcode = forms.CharField(label=_("Postcode"), required=False, max_length=16)
    city = forms.CharField(label=_("City"), required=False, max_length=120)
    region = forms.CharField(label=_("Region"), required=False, max_length=80)
    country = forms.CharField(
        label=_("Country"), required=False, max_length=2, help_text=_("Two letters, such as FR.")
    )
    latitude = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)


class NewOrganisationForm(ReasonMixin):
    """What is needed to start a record."""

    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    name = forms.CharField(label=_("Name"), max_length=300)
    short_name = forms.CharField(label=_("Acronym"), max_length=80, required=False)
    identifier = forms.CharField(
        label=_("Identifier"), max_length=120, required=False, help_text=_("RNSR, SIREN, SIRET or ROR, if it has one.")
    )
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    region = forms.CharField(label=_("Region"), max_length=80, required=False)
    country = forms.CharField(label=_("Country"), max_length=2, required=False, initial="FR")

    def clean_identifier(self) -> list[tuple[str, str]]:
        """Recognise the register."""
        text = self.cleaned_data["identifier"]
        if not text:
            return []
        found = identify(text)
        if not found:
            raise forms.ValidationError(_("“%(text)s” is not an identifier of a known register.") % {"text": text})
        return [(str(scheme), value) for scheme, value in found[:1]]


class MergeChoiceForm(forms.Form):
    """Which record is the same as this one."""

    other = record_field(label=_("The other record"), help_text=_("Its name, its reference or a number."))

    def __init__(self, *args: Any, record: Organisation | Person, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        if isinstance(record, Person):
            self.fields["other"] = record_field("person", label=_("The other record"))
        set_actor(self, actor)

    def clean_other(self) -> Organisation | Person:
        """The record meant, which is another than this one."""
        if self.cleaned_data["other"] == self.record:
            raise forms.ValidationError(_("This is the record itself."))
        return self.cleaned_data["other"]

    def chosen(self) -> Organisation | Person | None:
        """The chosen record, once the form holds."""
        return self.cleaned_data["other"] if self.is_valid() else None


class MergeForm(ReasonMixin):
    """Which fields are taken from the record that is merged away, and why the two are one."""

    take = forms.MultipleChoiceField(
        label=_("Take from the other record"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where nothing is ticked, what the kept record says stays; what it leaves empty is filled."),
    )

    def __init__(self, *args: Any, choices: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["take"].choices = [  # type: ignore[attr-defined]
            (row.name, labelled(row.label, row.absorbed))
            for row in choices
            if row.absorbed not in (None, "") and row.name != "level"
        ]


class FinderForm(forms.Form):
    """The project for which help is sought."""

    region = forms.ChoiceField(label=_("Region"), required=False)
    domain = forms.ChoiceField(label=_("Domain"), required=False)
    done = forms.ChoiceField(label=_("Step that is done"), required=False)
    trl = forms.TypedChoiceField(
        label=_("Readiness"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Any")), *((str(level), f"TRL {level}") for level in range(1, 10))],
    )
    mechanism_type = forms.ChoiceField(label=_("Type"), required=False)
    on = forms.DateField(label=_("On the day"), required=False, help_text=_("Today when empty."), **DATE)
    member = record_field(
        label=_("Are we a member?"),
        required=False,
        help_text=_("Name, reference or number of your organisation: its memberships are told."),
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_actor(self, actor)
        for name, kind in (("domain", DOMAIN), ("done", STEP), ("mechanism_type", TYPE)):
            options = [(code, choice.label) for code, choice in choices(kind).items()]
            self.fields[name].choices = [("", _("Any")), *options]  # type: ignore[attr-defined]
        self.fields["region"].choices = [("", _("Any")), *region_labels().items()]  # type: ignore[attr-defined]


class ImportForm(forms.Form):
    """A file to read, of a known sort."""

    kind = forms.ChoiceField(label=_("Sort of file"))
    file = FileField(label=_("File"), accept=".csv,.gz,.jsonl", help_text=_("CSV or JSON lines, packed or not."))
    beside = FileField(
        label=_("File of partners"),
        accept=".csv,.gz",
        required=False,
        help_text=_("Only for the sorts that say so: the file of partners given beside."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [(kind, importer.label) for kind, importer in importers().items() if not importer.is_private]
        self.fields["kind"].choices = options  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    """What to do with one proposal: which differences to take, or none, or a record of its own."""

    decision = forms.ChoiceField(choices=[("accept", "accept"), ("dismiss", "dismiss"), ("separate", "separate")])
    keep = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, proposal: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = range(len(proposal.changes))
        self.fields["keep"].choices = [(str(number), number) for number in numbers]  # type: ignore[attr-defined]

    def answers(self) -> dict[int, list[str]]:
        """What was typed in the differences that ask something, by their number."""
        found: dict[int, list[str]] = {}
        for _text, number in self.fields["keep"].choices:  # type: ignore[attr-defined]
            if texts := self.data.getlist(f"answer-{number}"):  # type: ignore[attr-defined]
                found[number] = [text[:24] for text in texts]
        return found

    def dismissed(self) -> list[int]:
        """The differences that were not ticked."""
        kept = set(self.cleaned_data["keep"])
        return [number for _text, number in self.fields["keep"].choices if number not in kept]  # type: ignore[attr-defined]
