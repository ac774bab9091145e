"""Forms of the facts of an organisation: its size and sector by year, its fields of work, what it offers."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motrice.directory.enums import SizeClass
from motrice.directory.forms import ReasonMixin
from motrice.directory.models import Mechanism
from motrice.directory.rules import DOMAIN, STEP, TYPE, choices, region_labels


class ProfileForm(ReasonMixin):
    """Size and sector of one year."""

    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2200)
    size_class = forms.ChoiceField(label=_("Size"), required=False, choices=[("", "—"), *SizeClass.choices])
    naf_code = forms.CharField(
        label=_("NAF code"), required=False, max_length=8, help_text=_("Four digits and a letter, such as 26.11Z.")
    )
    headcount = forms.IntegerField(label=_("Headcount"), required=False, min_value=0, max_value=10_000_000)
    source = forms.CharField(
        label=_("Source"), max_length=80, help_text=_("Where this was read, such as the accounts of the year.")
    )

    def clean_naf_code(self) -> str:
        """A code of the nomenclature, with its point."""
        text = "".join(self.cleaned_data["naf_code"].split()).upper()
        if not text or text == self.initial.get("naf_code"):
            return text
        found = re.fullmatch(r"([0-9]{2})\.?([0-9]{1,2}[A-Z]?)", text)
        if found is None:
            raise forms.ValidationError(
                _("“%(text)s” is no NAF code: it has four digits and a letter, such as 26.11Z."), params={"text": text}
            )
        return f"{found[1]}.{found[2]}"


class TopicsForm(ReasonMixin):
    """The fields of work of one scheme, all of them: ticked where the catalogue has them, else one a line."""

    scheme = forms.CharField(
        label=_("Scheme"), max_length=16, help_text=_("The list that the codes belong to, such as erc.")
    )
    codes = forms.CharField(
        label=_("Codes"),
        required=False,
        max_length=9000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line: all of them, for those left out are removed."),
    )

    def __init__(self, *args: Any, scheme: str, held: list[str], **kwargs: Any) -> None:
        is_listed = scheme == "domain"
        super().__init__(*args, initial={"codes": held if is_listed else "\n".join(held)}, **kwargs)
        if scheme:
            del self.fields["scheme"]
        if is_listed:
            named = {code: choice.label for code, choice in choices(DOMAIN).items()}
            self.fields["codes"] = forms.MultipleChoiceField(
                label=_("Domains"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[*named.items(), *((code, code) for code in held if code not in named)],
            )

    def clean_codes(self) -> list[str]:
        """Each code once, none too long for its column."""
        typed = self.cleaned_data["codes"]
        lines = typed if isinstance(typed, list) else [" ".join(line.split()) for line in typed.splitlines()]
        codes = list(dict.fromkeys(filter(None, lines)))
        if long := [code for code in codes if len(code) > 80]:
            raise forms.ValidationError(
                _("“%(text)s…” is too long for a code: at most 80 characters."), params={"text": long[0][:30]}
            )
        if len(codes) > 100:
            raise forms.ValidationError(_("At most 100 codes can be stated."))
        return codes


class MechanismForm(ReasonMixin):
    """What a transfer mechanism is and offers."""

    mechanism_type = forms.ChoiceField(label=_("Type"))
    regions = forms.MultipleChoiceField(
        label=_("Territory"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: what its type says, such as the whole country."),
    )
    domains = forms.MultipleChoiceField(
        label=_("Domains"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )
    steps = forms.MultipleChoiceField(
        label=_("Steps served"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: those of its type."),
    )
    trl_min = forms.IntegerField(label=_("From TRL"), required=False, min_value=1, max_value=9)
    trl_max = forms.IntegerField(label=_("To TRL"), required=False, min_value=1, max_value=9)
    amount = forms.DecimalField(
        label=_("Money"), required=False, min_value=0, max_digits=16, decimal_places=2, help_text=_("What it gives.")
    )
    currency = forms.CharField(
        label=_("Currency"), required=False, max_length=3, help_text=_("Three letters, such as EUR.")
    )
    contact = forms.CharField(label=_("Contact"), required=False, max_length=200)
    field_order = (
        "mechanism_type",
        "regions",
        "domains",
        "steps",
        "trl_min",
        "trl_max",
        "amount",
        "currency",
        "contact",
        "reason",
    )

    def __init__(self, *args: Any, held: Mechanism, **kwargs: Any) -> None:
        names = [name for name in self.field_order if name != "reason"]
        super().__init__(*args, initial={name: getattr(held, name) for name in names}, **kwargs)
        for name, kind in (("mechanism_type", TYPE), ("domains", DOMAIN), ("steps", STEP)):
            options = [(code, choice.label) for code, choice in choices(kind).items()]
            self.fields[name].choices = options  # type: ignore[attr-defined]
        self.fields["mechanism_type"].choices.insert(0, ("", "—"))  # type: ignore[attr-defined]
        regions = region_labels()
        others = [(name, name) for name in held.regions if name not in regions]
        self.fields["regions"].choices = [*regions.items(), *others]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Readiness has both ends in their order, money its currency; what was not touched keeps its order."""
        data = super().clean() or self.cleaned_data
        for name in ("regions", "domains", "steps"):
            if name in data and set(data[name]) == set(self.initial[name]):
                data[name] = self.initial[name]
        low, high = data.get("trl_min"), data.get("trl_max")
        if not {"trl_min", "trl_max"} & self.errors.keys():
            if (low is None) != (high is None):
                self.add_error("trl_min" if low is None else "trl_max", _("Give both ends of the readiness, or none."))
            elif low is not None and low > high:
                self.add_error("trl_max", _("The readiness cannot end before it begins."))
        if data.get("amount") is not None and not data.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("An amount needs a currency."))
        return data

    def clean_currency(self) -> str:
        """Three letters, as ISO 4217 writes them."""
        text = self.cleaned_data["currency"].upper()
        if text and not re.fullmatch("[A-Z]{3}", text):
            raise forms.ValidationError(_("A currency has three letters, such as EUR."))
        return text
