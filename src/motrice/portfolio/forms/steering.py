"""Forms of steering: shape and single fields; what a rule refuses is said by the operation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motrice.directory.fields import record_field
from motrice.portfolio.enums import RankingBasis, Reach
from motrice.web.forms import FileField, set_actor

DAY = forms.DateInput(attrs={"type": "date"})
MAX_FILE = 5_000_000


class DomainForm(forms.Form):
    """What a domain is."""

    code = forms.SlugField(label=_("code"), max_length=40, help_text=_("Short, without spaces: service-robotics."))
    name_fr = forms.CharField(label=_("name in French"), max_length=160)
    name_en = forms.CharField(label=_("name in English"), max_length=160)
    goals = forms.CharField(label=_("goals"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    criteria = forms.CharField(label=_("why it was chosen"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    starts_on = forms.DateField(label=_("from"), widget=DAY)
    ends_on = forms.DateField(label=_("to"), required=False, widget=DAY)


class ClassForm(forms.Form):
    """A rule of the bridge."""

    prefix = forms.CharField(
        label=_("IPC or CPC prefix"), max_length=20, help_text=_("For instance B25J, B25J 9/ or B25J 9/16.")
    )


class UnitForm(forms.Form):
    """A laboratory by its name, its reference or a number."""

    unit = record_field("unit", label=_("Laboratory"))

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_actor(self, actor)


class HeadlineForm(forms.Form):
    """What is said in public."""

    text = forms.CharField(label=_("what is said"), max_length=200)
    domain_count = forms.IntegerField(label=_("number of domains stated"), min_value=0, max_value=1000)
    stated_on = forms.DateField(label=_("stated on"), widget=DAY)


class RankingForm(forms.Form):
    """A published ranking with its file."""

    title = forms.CharField(label=_("title"), max_length=160)
    year = forms.IntegerField(label=_("year counted"), min_value=1990, max_value=2100)
    basis = forms.ChoiceField(label=_("what is counted"), choices=RankingBasis.choices)
    source = forms.CharField(label=_("source"), max_length=300)
    file = FileField(
        label=_("file (CSV)"), accept=".csv", max_bytes=MAX_FILE,
        help_text=_("Columns rank, name, value; title when the source gives the titles, one a line."),
    )  # fmt: skip


class LandscapeForm(forms.Form):
    """For whom the landscape is worked out."""

    reach = forms.ChoiceField(label=_("whose"), choices=Reach.choices)


class DocumentsForm(LandscapeForm):
    """A public set put beside the portfolio."""

    file = FileField(
        label=_("file (CSV)"), accept=".csv", max_bytes=MAX_FILE,
        help_text=_("With a number, a title and an abstract, such as a file of The Lens."),
    )  # fmt: skip
