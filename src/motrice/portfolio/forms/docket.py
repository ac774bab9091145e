"""Forms of the docket: what was done, what was paid, what is decided, when to be reminded."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class DoneForm(forms.Form):
    """That a deadline was met."""

    done_on = _day(_("Done on"))
    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class PayForm(forms.Form):
    """What was paid."""

    paid_on = _day(_("Paid on"))
    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=10, decimal_places=2)
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    receipt = forms.CharField(label=_("Receipt"), required=False, max_length=120)


class ExtendForm(forms.Form):
    """That the office granted an extension."""

    granted_on = _day(_("Granted on"))
    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class ReasonForm(forms.Form):
    """Why a title is kept or let go."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class LeadsForm(forms.Form):
    """How many days before a due date to be reminded."""

    lead_days = forms.CharField(
        label=_("Days before the due date"), max_length=60, help_text=_("For instance 90, 30, 7.")
    )
