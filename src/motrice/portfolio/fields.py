"""Fields of exact parts, for the forms of every app."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms

from motrice.core.errors import RuleViolation
from motrice.portfolio.rules import share_in
from motrice.portfolio.words.assets import exact_words


class ShareField(forms.CharField):
    """An exact part: a fraction, a percentage or one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=24, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A fraction as it is typed."""
        return exact_words(value) if isinstance(value, Fraction) else value

    def clean(self, value: Any) -> Any:
        """The fraction; nothing for an empty field that is not required."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return share_in(text)
        except RuleViolation as error:
            raise forms.ValidationError(str(error)) from error
