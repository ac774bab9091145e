"""The forms of the directory ask things in one order."""

from __future__ import annotations

import inspect

from motrice.directory import facts_forms, forms, keeping_forms


def _asking_why() -> list[type[forms.ReasonMixin]]:
    found = [
        each
        for module in (forms, facts_forms, keeping_forms)
        for _name, each in inspect.getmembers(module, inspect.isclass)
        if issubclass(each, forms.ReasonMixin) and each.__module__ == module.__name__
    ]
    return [each for each in found if each not in (forms.ReasonMixin, forms.SpanMixin)]


def _order(form: type[forms.ReasonMixin]) -> list[str]:
    made = form.__new__(form)
    made.fields = dict(form.base_fields)  # what a form builds in its own way from records comes before these
    made.order_fields(form.field_order)
    return list(made.fields)


def test_why_a_change_is_made_is_asked_after_what_is_changed():
    orders = {form.__name__: _order(form) for form in _asking_why()}

    assert len(orders) > 10
    assert {name: fields for name, fields in orders.items() if fields[-1] != "reason"} == {}
    assert orders["CloseForm"][:2] == ["on", "succession"]
    assert orders["RenameForm"][:2] == ["name", "short_name"]
