"""The form of a routing rule: which needs it takes, to whom it gives them, up to which load, on which days."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motrice.core.errors import RuleViolation
from motrice.directory.enums import OrganisationKind
from motrice.directory.models import Organisation
from motrice.sourcing import rules
from motrice.sourcing.forms import REGIONS, TRL_CHOICES, DayInput, text_area
from motrice.sourcing.queries import desk_officers, desk_offices

MATCHING, NAMED, NETWORK = "matching", "named", "network"
WAYS = [
    (MATCHING, _("The offices of certain kinds, chosen for each need")),
    (NAMED, _("The offices and officers named below")),
    (NETWORK, _("The network's desk")),
]
OFFICE_KINDS = ("institute", "school", "university", "research_body", "mechanism")


class RuleForm(forms.Form):
    """A routing rule in words and choices; `data` gives it back as the catalogue holds it."""

    name_fr = forms.CharField(label=_("Name in French"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    order = forms.IntegerField(
        label=_("Order"), min_value=0, max_value=9999, help_text=_("Rules are tried from the smallest number up.")
    )
    segments = forms.MultipleChoiceField(
        label=_("Market segments"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None: all.")
    )
    naf = forms.CharField(
        label=_("NAF codes"),
        required=False,
        max_length=2000,
        widget=text_area(2),
        help_text=_("Divisions, groups or classes, separated by commas; empty: all. Example: 20, 22.1, 23.41Z."),
    )
    regions = forms.MultipleChoiceField(
        label=_("Territory of the company"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(name, name) for name in REGIONS],
        help_text=_("None: everywhere."),
    )
    trl_min = forms.TypedChoiceField(
        label=_("From TRL"), choices=[("", "–"), *TRL_CHOICES[1:]], coerce=int, empty_value=None, required=False
    )
    trl_max = forms.TypedChoiceField(
        label=_("To TRL"), choices=[("", "–"), *TRL_CHOICES[1:]], coerce=int, empty_value=None, required=False
    )
    way = forms.ChoiceField(label=_("Who takes the need"), choices=WAYS, widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of offices"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[choice for choice in OrganisationKind.choices if choice[0] in OFFICE_KINDS],
    )
    same_segment = forms.BooleanField(label=_("Of the need's market segment"), required=False)
    same_region = forms.BooleanField(label=_("In the company's region"), required=False)
    max_load = forms.IntegerField(
        label=_("Open needs at most"),
        min_value=1,
        max_value=9999,
        required=False,
        help_text=_("When every officer of the rule holds as many, the next rule is tried. Empty: no limit."),
    )
    starts_on = forms.DateField(label=_("Holds from"), widget=DayInput(), required=False)
    ends_on = forms.DateField(label=_("Holds until"), widget=DayInput(), required=False)
    reason = forms.CharField(label=_("Why this change?"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segments"].choices = rules.choices(rules.SEGMENT)

    def clean_naf(self) -> list[str]:
        """The plain codes; each wrong one is named."""
        try:
            return [
                rules.check_naf(code)
                for code in self.cleaned_data["naf"].replace("\n", ",").split(",")
                if code.strip()
            ]
        except RuleViolation as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """A rule by kinds names at least one kind or says how the office matches the need."""
        fields = super().clean() or {}
        if fields.get("way") == MATCHING and not any(fields.get(n) for n in ("kinds", "same_segment", "same_region")):
            self.add_error("kinds", _("Choose at least one kind of office."))
        return fields

    def data_with(self, seats: list[str]) -> dict[str, Any]:
        """The rule as the catalogue holds it; `seats` are the offices and officers named."""
        fields = self.cleaned_data
        data: dict[str, Any] = {
            "name": {"fr": fields["name_fr"].strip(), "en": fields["name_en"].strip()},
            "order": fields["order"],
            "when": {
                name: fields[name] for name in ("segments", "naf", "regions", "trl_min", "trl_max") if fields[name]
            },
            "target": self._target(seats),
        }
        if fields["max_load"]:
            data["max_load"] = fields["max_load"]
        return data | {name: fields[name].isoformat() for name in ("starts_on", "ends_on") if fields[name]}

    def _target(self, seats: list[str]) -> dict[str, Any]:
        fields = self.cleaned_data
        if fields["way"] == NETWORK:
            return {"network_desk": True}
        if fields["way"] == NAMED:
            named = {"offices": "office:", "officers": "officer:"}
            found = {
                name: [seat[len(start) :] for seat in seats if seat.startswith(start)] for name, start in named.items()
            }
            return {name: values for name, values in found.items() if values}
        target: dict[str, Any] = {"kinds": fields["kinds"]} if fields["kinds"] else {}
        return target | {name: True for name in ("same_segment", "same_region") if fields[name]}


class SeatForm(forms.Form):
    """One row: an office, or one officer; an empty row counts for nothing."""

    seat = forms.ChoiceField(label=_("Office or officer"), required=False)

    def __init__(self, *args: Any, choices: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = choices


SeatRows = forms.formset_factory(SeatForm, extra=0, max_num=40, absolute_max=40)


def seat_choices() -> list[Any]:
    """Every office with an officer, and every officer, of today."""
    return [
        ("", "–"),
        (_("Offices"), [(f"office:{body.reference}", body.name) for body in desk_offices()]),
        (_("Officers"), [(f"officer:{user.reference}", str(user)) for user in desk_officers()]),
    ]


def initial_of(data: dict[str, Any]) -> dict[str, Any]:
    """A rule of the catalogue as the fields of the form."""
    when, target = data.get("when", {}), data.get("target", {})
    way = (
        NETWORK
        if target.get("network_desk")
        else NAMED
        if {"offices", "officers", "identifiers"} & set(target)
        else MATCHING
    )
    return {
        "name_fr": data["name"]["fr"],
        "name_en": data["name"]["en"],
        "naf": ", ".join(when.get("naf", [])),
        "way": way,
        **{name: data.get(name) for name in ("order", "max_load", "starts_on", "ends_on")},
        **{name: when.get(name) for name in ("segments", "regions", "trl_min", "trl_max")},
        **{name: target.get(name) for name in ("kinds", "same_segment", "same_region")},
    }


def seats_of(data: dict[str, Any]) -> list[str]:
    """The offices and officers that a rule names, as the rows of the form; registers' numbers become offices."""
    target = data.get("target", {})
    offices = list(target.get("offices", []))
    if target.get("identifiers"):
        listed = Organisation.objects.filter(rules.identified(target["identifiers"]))
        offices += list(listed.order_by("pk").values_list("reference", flat=True))
    return [f"office:{name}" for name in offices] + [f"officer:{name}" for name in target.get("officers", [])]
