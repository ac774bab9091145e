"""Forms of the accounts app: shape only; the operations decide."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from allauth.account.forms import ResetPasswordForm
from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motrice.accounts.enums import Density, RoleKind, Theme
from motrice.accounts.models import User
from motrice.accounts.operations.tokens import known_scopes
from motrice.accounts.tasks import send_reset


class ProfileForm(forms.ModelForm):
    """One's own name, language and screens."""

    class Meta:
        model = User
        fields = ["display_name", "language", "theme", "density"]
        widgets = {"theme": forms.RadioSelect, "density": forms.RadioSelect}

    theme = forms.ChoiceField(label=_("Appearance"), choices=Theme.choices, widget=forms.RadioSelect)
    density = forms.ChoiceField(label=_("Density"), choices=Density.choices, widget=forms.RadioSelect)


class DayInput(forms.DateInput):
    """A date as browsers know it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TokenForm(forms.Form):
    """A new access token."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        help_text=_("It never does more than your own rights. Give it only what it needs."),
        widget=forms.CheckboxSelectMultiple,
    )
    expires_on = forms.DateField(label=_("Valid until"), widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(name, name) for name in known_scopes()]  # type: ignore[attr-defined]
        self.fields["expires_on"].initial = timezone.localdate() + timedelta(days=90)


class PlaceFields(forms.Form):
    """What a role is held on: the whole site, or one organisation by its reference."""

    kind = forms.ChoiceField(label=_("Role"), choices=RoleKind.choices)
    record = forms.CharField(
        label=_("On which organisation"),
        help_text=_("Its reference, from its page; leave empty for a role on the whole site."),
        max_length=8,
        required=False,
    )


class RoleForm(PlaceFields):
    """A role to give."""

    starts_on = forms.DateField(label=_("From"), widget=DayInput, required=False)
    ends_on = forms.DateField(label=_("To"), widget=DayInput, required=False)
    reason = forms.CharField(label=_("Why"), max_length=500)


class InvitationForm(PlaceFields):
    """An invitation to send."""

    email = forms.EmailField(label=_("E-mail address"))
    display_name = forms.CharField(label=_("Name"), max_length=150)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=[("fr", "Français"), ("en", "English")])
    role_ends_on = forms.DateField(label=_("The role ends on"), widget=DayInput, required=False)
    field_order = ["email", "display_name", "language", "kind", "record", "role_ends_on"]


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ViewAsForm(forms.Form):
    """Whom or which role to see the site as."""

    email = forms.EmailField(label=_("A person, by e-mail address"), required=False)
    kind = forms.ChoiceField(label=_("Or anybody in a role"), required=False)
    record = forms.CharField(
        label=_("On which organisation"),
        help_text=_("Its reference, from its page; leave empty for a role on the whole site."),
        max_length=8,
        required=False,
    )
    reason = forms.CharField(label=_("Why"), max_length=500, help_text=_("It is written in the log."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "—"), *RoleKind.choices]  # type: ignore[attr-defined]


class ForgottenForm(ResetPasswordForm):
    """Set as the form that asks for a new password: it looks up no account, so that its time tells of none."""

    def clean_email(self) -> str:
        """The address as it was typed: the worker sees whether an account has it."""
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Ask the worker."""
        email = self.clean_email()
        send_reset.enqueue(email)
        return email


class AcceptForm(forms.Form):
    """What the invited person gives."""

    display_name = forms.CharField(label=_("Your name"), max_length=150)
    password = forms.CharField(
        label=_("A password"),
        help_text=_("At least twelve characters: a short sentence is easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        """Both entries are the same."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("The two passwords differ."))
        return data


class CatalogueForm(forms.Form):
    """The next version of a catalogue entry, as JSON."""

    data = forms.JSONField(label=_("Content"), widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"}))
    is_retired = forms.BooleanField(label=_("No longer proposed"), required=False)
    reason = forms.CharField(label=_("Why"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["data"].prepare_value = lambda value: (  # type: ignore[method-assign]
            value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
        )
