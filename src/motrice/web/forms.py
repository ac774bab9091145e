"""How forms look: Django's own renderer with our templates, so that `{{ form }}` is enough for any form.

Chosen over crispy-forms: since Django 5 the form itself ties labels, help and errors together for assistive
technology, every package's forms get the look without a change, and rendering is quicker.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from motrice.core.errors import RuleViolation, StaleState
from motrice.core.reading import clash_words, fingerprint

BOXES = 3  # how many a field for several records shows at first


class Renderer(TemplatesSetting):
    """Set as `FORM_RENDERER`."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"


class FileInput(forms.ClearableFileInput):
    """A file field that says what it takes, and checks it before the file travels."""

    template_name = "web/forms/file.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, accept: str = "", max_bytes: int | None = None) -> None:
        self.max_bytes = max_bytes or settings.MAX_UPLOAD_BYTES
        super().__init__({"data-max-bytes": self.max_bytes, **({"accept": accept} if accept else {}), **(attrs or {})})


class FileField(forms.FileField):
    """A file of a known kind and size, refused in words on the server too."""

    widget = FileInput

    def __init__(self, *, accept: str = "", max_bytes: int | None = None, **kwargs: Any) -> None:
        self.accept = tuple(kind.strip().lower() for kind in accept.split(",") if kind.strip())
        self.max_bytes = max_bytes or settings.MAX_UPLOAD_BYTES
        kwargs.setdefault("widget", FileInput(accept=accept, max_bytes=self.max_bytes))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Refuse a file that is too big or of another kind."""
        file = super().clean(data, initial)
        if not file or file is initial:
            return file
        if file.size > self.max_bytes:
            raise forms.ValidationError(
                _("%(name)s holds %(size)s; at most %(limit)s can be sent."),
                params={"name": file.name, "size": filesizeformat(file.size), "limit": filesizeformat(self.max_bytes)},
            )
        suffixes = tuple(kind for kind in self.accept if kind.startswith("."))
        if suffixes and not file.name.lower().endswith(suffixes):
            raise forms.ValidationError(
                _("%(name)s is not of a kind that can be sent here: %(kinds)s."),
                params={"name": file.name, "kinds": ", ".join(suffixes)},
            )
        return file


class RecordInput(forms.TextInput):
    """A text field that offers the records meant by what is typed, once a script runs; any name works without."""

    template_name = "web/forms/record.html"

    def __init__(self, pick: str, of: str) -> None:
        self.pick, self.of = pick, of
        super().__init__({"autocomplete": "off"})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The field with the address that looks records up, and the list that shows them."""
        context = super().get_context(name, value, attrs)
        list_id = f"{context['widget']['attrs'].get('id', name)}-found"
        context["widget"]["attrs"] |= {"data-pick": f"{reverse(self.pick)}?of={self.of}", "list": list_id}
        context["list_id"] = list_id
        return context


class RecordsInput(RecordInput):
    """Several records, a box each, one a line in the value; a script adds a box when the last one is typed in."""

    template_name = "web/forms/records.html"
    use_fieldset = True

    def __init__(self, pick: str, of: str, *, most: int) -> None:
        self.most = most
        super().__init__(pick, of)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        """What was typed in every box."""
        typed = data.getlist(name) if hasattr(data, "getlist") else filter(None, [data.get(name)])
        return "\n".join(typed) or None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """A box for each record and at least one more."""
        typed = list(filter(None, map(str.strip, str(value or "").splitlines())))
        boxes = [*typed, *[""] * max(1, BOXES - len(typed))][: max(self.most, len(typed))]
        given = attrs or {}
        context = forms.TextInput.get_context(self, name, value, attrs)
        context["boxes"] = [
            super(RecordsInput, self).get_context(
                name,
                text,
                {**given, "id": f"{given.get('id', name)}_{number}", "aria-label": _("Record %d") % number},
            )
            for number, text in enumerate(boxes, 1)
        ]
        context["most"] = self.most
        return context


class RecordField(forms.CharField):
    """A record by its name, its reference, its address or a number; `actor` limits which ones can be meant.

    `find(text, actor)` gives the records that the text may mean: one is taken, several are named in the refusal.
    """

    def __init__(
        self, *, find: Callable[[str, Any], list[Any]], pick: str, of: str, max_length: int = 300, **kwargs: Any
    ) -> None:
        self.find = find
        self.actor: Any = None
        super().__init__(max_length=max_length, widget=RecordInput(pick, of), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A record is shown by its name and its reference, as the list offers it."""
        reference = getattr(value, "reference", "")
        return picked_words(value) if reference else value

    def clean(self, value: Any) -> Any:
        """The one record that is meant; nothing for an empty field that is not required."""
        text = super().clean(value)
        if not text:
            return None
        found = self.find(text, self.actor)
        if not found:
            raise forms.ValidationError(
                _("No record that you may see is called “%(text)s”: type its name, its reference or a number."),
                params={"text": text},
            )
        if len(found) > 1:
            names = "; ".join(picked_words(record) for record in found[:5])
            raise forms.ValidationError(_("Several records may be meant: %(names)s."), params={"names": names})
        return found[0]


def picked_words(record: Any) -> str:
    """How a list of records names one of them: its name, then its reference."""
    return f"{record} · {record.reference}"


def set_actor(form: forms.BaseForm, actor: Any) -> None:
    """Tell the fields of a form that name records who is choosing."""
    for field in form.fields.values():
        if isinstance(field, RecordField):
            field.actor = actor


class SaveViewForm(forms.Form):
    """The name of a view, and whether others see it."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    is_shared = forms.BooleanField(
        label=_("Share it with the network"),
        help_text=_("Everybody of the network who may open this list will see the view's name."),
        required=False,
    )


READ = "read-"


def remember(form: forms.BaseForm, shown: Mapping[str, Any] | None = None) -> dict[str, str]:
    """The marks of what the page of a form shows, which it sends along; once sent, those it sent.

    Without `shown`, all that the form starts from. They go to the operation as `read`; `run_form` tells what clashes.
    """
    held = form.initial if shown is None else shown
    if form.is_bound:
        marks = {name: form.data[READ + name][:64] for name in held if READ + name in form.data}
    else:
        marks = {name: fingerprint(value) for name, value in held.items()}
    form.reading = marks  # type: ignore[attr-defined]
    return marks


def run_form(form: forms.BaseForm, run: Callable[[dict[str, Any]], Any]) -> bool:
    """Run an operation with a valid form's data; a rule that refuses, or a clash, is put at its field."""
    if not form.is_valid():
        return False
    try:
        run(form.cleaned_data)
    except RuleViolation as error:
        refuse(form, error)
        return False
    except StaleState as error:
        if not error.clashes:
            raise
        tell_clashes(form, error)
        return False
    return True


def refuse(form: forms.BaseForm, error: RuleViolation) -> None:
    """Put what a rule said at the field it names, or over the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


def tell_clashes(form: forms.BaseForm, error: StaleState) -> None:
    """Show what others wrote beside what was typed, which stays: sent again, it is written knowingly."""
    again = _("What you typed is kept: send it again to write it instead.")
    for clash in error.clashes:
        if clash.name in form.fields:
            form.fields[clash.name].note = render_to_string("web/forms/clash.html", {"clash": clash})  # type: ignore[attr-defined]
            form.add_error(clash.name, again)
        else:
            form.add_error(None, f"{clash_words(clash)} {again}")
        form.reading[clash.name] = clash.mark  # type: ignore[attr-defined]
