"""The form of a new fee table: its days, currency and source, its rows, and lines pasted or sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from motrice.engines.docketing import FeeTable
from motrice.portfolio.enums import Confidence
from motrice.portfolio.queries.fee_changes import MOST_TEXT, NewFees
from motrice.web.forms import FileField


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class FeesForm(forms.Form):
    """What is said of the table; its rows are read beside."""

    valid_from = _day(gettext_lazy("In force from"))
    known_until = _day(
        gettext_lazy("Known to hold until"),
        required=False,
        help_text=gettext_lazy("Fees due later are shown as estimates. Leave it empty when no end is foreseen."),
    )
    currency = forms.CharField(label=gettext_lazy("Currency"), min_length=3, max_length=3)
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=500,
        help_text=gettext_lazy("The page or the official journal where the amounts stand."),
    )
    read_on = _day(gettext_lazy("Read on"))
    confidence = forms.ChoiceField(label=gettext_lazy("How sure it is"), choices=Confidence)

    @classmethod
    def of(cls, table: FeeTable) -> FeesForm:
        """The form before anything is written: the day and the source are left to be said."""
        values = {"currency": table.currency, "confidence": Confidence.CONFIRMED, "read_on": timezone.localdate()}
        return cls(initial=values)

    def clean_currency(self) -> str:
        """In capitals."""
        return self.cleaned_data["currency"].upper()

    def fees(self, rows: Any) -> NewFees:
        """The table that the form states."""
        return NewFees(rows=tuple(rows), **self.cleaned_data)


class LinesForm(forms.Form):
    """Lines pasted or sent in a file: they go into the rows of the form."""

    pasted = forms.CharField(
        label=gettext_lazy("Lines to paste"),
        required=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Term, category and amount on each line, as in 5;standard;925.00 or copied from a spreadsheet."
        ),
    )
    file = FileField(label=gettext_lazy("Or a CSV file"), required=False, accept=".csv,.txt", max_bytes=MOST_TEXT)
