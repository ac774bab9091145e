"""Forms of the parts of a record: its names and numbers, each row of any date."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motrice.directory.enums import NameKind
from motrice.directory.forms import DATE, EndForm, ReasonMixin


class NameForm(ReasonMixin):
    """Another name."""

    value = forms.CharField(label=_("Name"), max_length=300)
    kind = forms.ChoiceField(label=_("What it is"), choices=NameKind.choices, initial=NameKind.ALIAS)
    language = forms.CharField(
        label=_("Language"), required=False, max_length=8, help_text=_("Two letters, such as en: for a translation.")
    )
    starts_on = forms.DateField(label=_("From"), required=False, **DATE)
    ends_on = forms.DateField(label=_("To"), required=False, **DATE)


class LastDayForm(EndForm):
    """The last day of a row; one that ended already may be said to hold still."""

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": row.ends_on}, **kwargs)
        if row.ends_on is not None:
            self.fields["on"].required = False
            self.fields["on"].help_text = _("Empty when it still holds.")


class RemoveForm(ReasonMixin):
    """Why a row was never right."""
