"""How forms look: Django's own renderer with our templates, so that `{{ form }}` is enough for any form.

Chosen over crispy-forms: since Django 5 the form itself ties labels, help and errors together for assistive
technology, every package's forms get the look without a change, and rendering is quicker.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _


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


class SaveViewForm(forms.Form):
    """The name of a view, and whether others see it."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    is_shared = forms.BooleanField(
        label=_("Share it with the network"),
        help_text=_("Everybody of the network who may open this list will see the view's name."),
        required=False,
    )
