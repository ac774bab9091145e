"""Forms of agreements: shape of what is typed; the rules are in the operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from motrice.accounts.models import RoleAssignment, User
from motrice.agreements.enums import Exclusivity, PartyRole
from motrice.agreements.fields import asset_field
from motrice.agreements.models import Agreement
from motrice.agreements.rules import territories_in
from motrice.core.confidentiality import Level
from motrice.core.errors import RuleViolation
from motrice.core.policies import scopes
from motrice.directory.fields import record_field
from motrice.directory.models import Organisation
from motrice.directory.policies import LABEL as ORGANISATION
from motrice.portfolio.fields import ShareField
from motrice.portfolio.policies.assets import OFFICE_STAFF
from motrice.web.forms import RecordField, picked_words, set_actor

DAY = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
MAX_PARTIES, MAX_ASSETS = 20, 40


def offices_of(actor: Any) -> QuerySet[Organisation]:
    """The offices whose agreements somebody writes."""
    return Organisation.objects.filter(pk__in=scopes(actor, ORGANISATION, *OFFICE_STAFF)).order_by("name", "pk")


class LicenceForm(forms.Form):
    """What a licence says, but for its parties and its assets."""

    title = forms.CharField(label=_("Title"), max_length=300)
    exclusivity = forms.ChoiceField(
        label=_("Exclusivity"),
        choices=Exclusivity.choices,
        initial=Exclusivity.NON_EXCLUSIVE,
        help_text=_("A sole licence leaves the use to the licensor too."),
    )
    field_of_use = forms.CharField(
        label=_("Field of use"),
        max_length=300,
        required=False,
        help_text=_("For which products or uses; empty for all of them."),
    )
    is_worldwide = forms.BooleanField(label=_("Worldwide"), required=False)
    territories = forms.CharField(
        label=_("Territories"),
        max_length=1000,
        required=False,
        help_text=_("Codes of countries, such as FR, DE, US, or of groups, such as EP; empty when it is worldwide."),
    )
    signed_on = forms.DateField(label=_("Signed on"), required=False, **DAY)
    starts_on = forms.DateField(label=_("Takes effect on"), required=False, **DAY)
    ends_on = forms.DateField(
        label=_("Term"), required=False, help_text=_("The last day that was agreed; empty when there is none."), **DAY
    )
    number = forms.CharField(label=_("Our reference"), max_length=40, required=False)
    summary = forms.CharField(
        label=_("Summary"), widget=forms.Textarea(attrs={"rows": 4}), max_length=20_000, required=False
    )
    is_acknowledged = forms.BooleanField(
        label=_("I have read the warnings: write the licence all the same"), required=False
    )

    def clean_territories(self) -> tuple[str, ...]:
        """Codes, each once; refused by name when one is none."""
        try:
            return territories_in(self.cleaned_data["territories"])
        except RuleViolation as error:
            raise forms.ValidationError(str(error)) from error


class NewLicenceForm(LicenceForm):
    """A new licence, with the office that answers for it and who will see it."""

    office = forms.ModelChoiceField(label=_("Office that answers for it"), queryset=Organisation.objects.none())
    level = forms.ChoiceField(
        label=_("Who sees it"),
        choices=Level.choices,
        initial=Level.ORGANISATION,
        help_text=_("Whoever may not see one of its assets sees nothing of it, not even in a count."),
    )
    field_order = ("office", "title")

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = offices_of(actor)
        self.fields["office"].queryset = offices  # type: ignore[attr-defined]
        if len(offices) == 1:
            self.fields["office"].initial = offices[0]


class EditLicenceForm(LicenceForm):
    """The same, with the reason of the change."""

    reason = forms.CharField(
        label=_("Why this change?"),
        max_length=300,
        required=False,
        help_text=_("Kept in the history of the record; needed once the licence is signed."),
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class PartyForm(forms.Form):
    """One party: a record of the directory, or a name."""

    role = forms.ChoiceField(label=_("Role"), choices=PartyRole.choices, initial=PartyRole.LICENSEE)
    organisation = record_field(label=_("Organisation"), required=False)
    name = forms.CharField(label=_("Name, without a record"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        content = super().clean() or {}
        if not content.get("organisation") and not content.get("name") and "organisation" not in self.errors:
            self.add_error("organisation", _("Name an organisation of the directory, or give a name."))
        return content


class BundleForm(forms.Form):
    """One asset and the part of the income that is put down to it."""

    asset = asset_field(label=_("Asset"))
    share = ShareField(label=_("Share of the income"))


def _same_or(find: Callable[[str, Any], list[Any]], held: Any) -> Callable[[str, Any], list[Any]]:
    """What a row holds already is found again as it was shown: nothing is lost for being seen by others only."""

    def found(text: str, actor: Any) -> list[Any]:
        return [held] if text == " ".join(picked_words(held).split()) else find(text, actor)

    return found


class RowFormSet(forms.BaseFormSet):
    """Rows that can be added to and taken out; each knows who is choosing."""

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(*args, **kwargs)

    def _construct_form(self, i: int, **kwargs: Any) -> forms.Form:
        form = super()._construct_form(i, **kwargs)
        set_actor(form, self.actor)
        for name, field in form.fields.items():
            held = form.initial.get(name)
            if isinstance(field, RecordField) and hasattr(held, "reference"):
                field.find = _same_or(field.find, held)
        return form

    def __iter__(self) -> Any:
        """The rows, each knowing whether it is shown at once: those filled in, and two empty ones at least."""
        for place, form in enumerate(self.forms):
            form.is_shown = place < max(2, self.initial_form_count() + 1) or (form.is_bound and form.has_changed())
            yield form

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """The box that takes a row out says so."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Take it out")

    def rows(self) -> list[dict[str, Any]]:
        """What was filled in, row by row, without those taken out."""
        kept = [form for form in self.forms if form not in self.deleted_forms]
        return [form.cleaned_data for form in kept if form.cleaned_data]


def _rows_of(form: type[forms.Form], *, extra: int, most: int) -> Any:
    return forms.formset_factory(
        form,
        formset=RowFormSet,
        extra=extra,
        max_num=most,
        absolute_max=most,
        can_delete=True,
        can_delete_extra=False,
    )


PartyFormSet = _rows_of(PartyForm, extra=3, most=MAX_PARTIES)
BundleFormSet = _rows_of(BundleForm, extra=4, most=MAX_ASSETS)


class InForceForm(forms.Form):
    """When an agreement was signed and from which day to which it holds."""

    signed_on = forms.DateField(label=_("Signed on"), **DAY)
    starts_on = forms.DateField(label=_("Takes effect on"), **DAY)
    ends_on = forms.DateField(label=_("Term"), required=False, **DAY)


class EndForm(forms.Form):
    """When an agreement ended."""

    closed_on = forms.DateField(label=_("Ended on"), **DAY)
    reason = forms.CharField(label=_("Why?"), max_length=300, required=False)


class TerminateForm(forms.Form):
    """When and why an agreement was stopped early."""

    closed_on = forms.DateField(label=_("Terminated on"), **DAY)
    reason = forms.CharField(label=_("Why?"), max_length=300, help_text=_("Kept in the history of the record."))


class GiveUpForm(forms.Form):
    """Why a draft will not be signed."""

    reason = forms.CharField(label=_("Why?"), max_length=300, help_text=_("Kept in the history of the record."))


class LevelForm(forms.Form):
    """How far an agreement is seen."""

    level = forms.ChoiceField(label=_("Who sees it"), choices=Level.choices)
    reason = forms.CharField(label=_("Why?"), max_length=300, help_text=_("Kept in the history of the record."))


class HandOverForm(forms.Form):
    """Who answers for an agreement."""

    officer = forms.ModelChoiceField(label=_("Officer in charge"), queryset=User.objects.none())
    reason = forms.CharField(label=_("Why?"), max_length=300, required=False)

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = RoleAssignment.objects.current().filter(
            kind__in=OFFICE_STAFF, scope_label=ORGANISATION, scope_pk=agreement.office_id
        )
        people = User.objects.active().filter(pk__in=held.values("user_id")).order_by("display_name", "pk")
        self.fields["officer"].queryset = people  # type: ignore[attr-defined]


class IncomeForm(forms.Form):
    """An amount of income, to see what it gives to each asset."""

    amount = forms.DecimalField(
        label=_("Income in euros"), min_value=0, max_digits=14, decimal_places=2, localize=False
    )
