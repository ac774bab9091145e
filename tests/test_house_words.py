"""Facts about words: each text of a page has its French, nothing is left to guess."""

from __future__ import annotations

import re

import pytest

from scripts import messages
from tests.sources import say, templates

# Texts to translate write their own colons.
TO_TRANSLATE = re.compile(r"{%-? *blocktranslate.*?{%-? *endblocktranslate *-?%}", re.DOTALL)


def test_every_text_has_its_french():
    faults = messages.faults()
    assert not faults, say(
        faults, "`python scripts/messages.py update` adds what is missing to the .po files; write its French by hand."
    )


def test_a_colon_after_a_label_is_that_of_the_language():
    faults = [
        f"{name}: {found}"
        for name, path in templates().items()
        if name.endswith(".html")
        for found in re.findall(r"{{[^}]*}}: ", TO_TRANSLATE.sub("", path.read_text(encoding="utf-8")))
    ]
    assert not faults, say(faults, "French sets a colon off: write {{ label|colon }}.")


@pytest.mark.parametrize(
    ("msgid", "msgstr", "fault"),
    [
        ("Save", "", "has no French"),
        ("%(count)d needs", "%(nombre)d besoins", "which the English has not"),
        ("%(count)d needs", "besoins", "lacks"),
    ],
)
def test_an_unfit_translation_is_named(msgid, msgstr, fault):
    entry = messages.polib.POEntry(msgid=msgid, msgstr=msgstr)

    assert any(fault in text for text in messages.entry_faults(entry))


def test_texts_are_read_from_python_and_templates(tmp_path):
    module = tmp_path / "views.py"
    module.write_text(
        "from django.utils.translation import gettext_lazy as _, ngettext\n"
        "title = _('One ' 'title')\nother = ngettext('%(n)d need', '%(n)d needs', 2)\nplain = str('not this')\n"
    )
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}<h1>{% translate \'Needs (all)\' %}</h1>\n<a title="{% translate "It\'s here" %}"></a>\n'
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
        "{% translate 'May' context 'month' %}{{ _('Shown') }}"
    )

    assert [message.msgid for _line, message in messages.in_python(module)] == ["One title", "%(n)d need"]
    assert list(messages.in_template(page)) == [
        (1, messages.Message("Needs (all)")),
        (2, messages.Message("It's here")),
        (3, messages.Message("%(n)s day", plural="%(n)s days")),
        (3, messages.Message("May", context="month")),
        (3, messages.Message("Shown")),
    ]
