"""Forms of the parts of a record: its names and numbers, each row of any date."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import allows
from motrice.directory.enums import NameKind, RelationKind, SuccessionKind
from motrice.directory.fields import record_field
from motrice.directory.forms import DATE, EndForm, ReasonMixin, SpanMixin
from motrice.directory.models import Organisation, Relation
from motrice.web.forms import RecordsInput, set_actor


class NameForm(SpanMixin):
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


class LinkEditForm(SpanMixin):
    """What is corrected of a link; its kind and its ends stay."""

    starts_on = forms.DateField(label=_("From"), required=False, **DATE)
    ends_on = forms.DateField(label=_("To"), required=False, **DATE)
    rank = forms.IntegerField(
        label=_("Rank"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("Its place among links of the same kind, such as the first supervisor."),
    )
    label_number = forms.CharField(
        label=_("Label number"), required=False, max_length=40, help_text=_("For example UMR 5800.")
    )
    succession = forms.ChoiceField(label=_("How"), required=False, choices=[("", "—"), *SuccessionKind.choices])

    def __init__(self, *args: Any, link: Relation, **kwargs: Any) -> None:
        names = ["starts_on", "ends_on", "rank", "label_number", "succession"]
        super().__init__(*args, initial={name: getattr(link, name) for name in names}, **kwargs)
        if link.kind != RelationKind.SUCCEEDED_BY:
            del self.fields["succession"], self.initial["succession"]


class RenameForm(ReasonMixin):
    """A new name, from a day."""

    name = forms.CharField(label=_("New name"), max_length=300)
    short_name = forms.CharField(label=_("Acronym"), max_length=80, required=False)
    on = forms.DateField(label=_("First day of the new name"), **DATE)


MOST = 19  # twenty of one side, as the API takes, with the one that the form names apart


class BodiesField(forms.CharField):
    """Several bodies, each by its name, reference, address or a number."""

    def __init__(self, **kwargs: Any) -> None:
        self.one = record_field(required=False)
        shown = self.one.widget
        super().__init__(widget=RecordsInput(shown.pick, shown.of, most=MOST), max_length=6000, **kwargs)

    def clean(self, value: Any) -> list[Organisation]:
        """The bodies meant, each once; every line that means none, or several, is told."""
        found: dict[int, Organisation] = {}
        wrong: list[Any] = []
        for line in filter(None, map(str.strip, super().clean(value).splitlines())):
            try:
                body = self.one.clean(line)
                found[body.pk] = body
            except forms.ValidationError as error:
                wrong.append(error)
        if len(found) > MOST:
            wrong.append(forms.ValidationError(_("At most 19 bodies can be named.")))
        if wrong:
            raise forms.ValidationError(wrong)
        return list(found.values())


class CloseForm(ReasonMixin):
    """The last day of a body, and what it became, if anything."""

    on = forms.DateField(label=_("Last day"), **DATE)
    succession = forms.ChoiceField(
        label=_("What became of it"),
        required=False,
        choices=[
            ("", _("Nothing took over")),
            (SuccessionKind.RENAMED, _("It goes on under another name, as another body")),
            (SuccessionKind.CONTINUED, _("Another body continues it")),
            (SuccessionKind.MERGED, _("It merged with others into one")),
            (SuccessionKind.SPLIT, _("It was split into several")),
        ],
    )
    successor = record_field(
        label=_("The body that came after"), required=False, help_text=_("Its name, reference, address or a number.")
    )
    further = BodiesField(
        label=_("The other bodies"),
        required=False,
        help_text=_("For a merger, those that merged with it; for a split, the others that it became."),
    )

    def __init__(self, *args: Any, body: Organisation, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": body.ends_on}, **kwargs)
        self.body, self.actor = body, actor
        set_actor(self, actor)
        self.fields["further"].one.actor = actor  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Each kind of succession has its own shape, told where a body is missing or too many."""
        data = super().clean() or self.cleaned_data
        how, successor, further = data.get("succession"), data.get("successor"), data.get("further") or []
        if not how and (successor or further):
            self.add_error("succession", _("Say how it became the body that came after."))
        elif how and not successor and "successor" not in self.errors:
            self.add_error("successor", _("Say which body came after."))
        several = how in (SuccessionKind.MERGED, SuccessionKind.SPLIT)
        if several and not further and "further" not in self.errors:
            self.add_error("further", _("A merger or a split has several: name the others."))
        elif how and further and not several:
            self.add_error("further", _("Only a merger or a split has other bodies."))
        for name, rows in (("successor", [successor] if successor else []), ("further", further)):
            if self.body in rows:
                self.add_error(name, _("This is the record itself."))
        self._require_kept(how, further)
        if how and self.body.ends_on and data.get("on") not in (None, self.body.ends_on):
            self.add_error("on", _("It closed already: correct its last day first, then say what became of it."))
        return data

    def _require_kept(self, how: Any, further: list[Organisation]) -> None:
        """Those that merged with it close too: only who keeps their records may say so."""
        if how == SuccessionKind.MERGED:
            for body in further:
                if not allows(self.actor, "edit", body):
                    self.add_error("further", _("You do not keep the record of %(name)s.") % {"name": body})

    def ended(self) -> dict[str, Any]:
        """The succession for its operation: it begins on the day after the last one."""
        data = self.cleaned_data
        is_merger = data["succession"] == SuccessionKind.MERGED
        return {
            "predecessors": [self.body, *(data["further"] if is_merger else [])],
            "successors": [data["successor"], *([] if is_merger else data["further"])],
            "kind": data["succession"],
            "on": data["on"] + timedelta(days=1),
            "reason": data["reason"],
        }
