"""A piece of evidence is written in one step, every part escaped."""

from datetime import date

from django.template import Context, Template
from django.utils.safestring import mark_safe

from motrice.web.parts import Evidence


def shown(piece: Evidence) -> str:
    return Template("{% load web %}{% evidence piece %}").render(Context({"piece": piece}))


def test_every_part_of_a_piece_is_escaped():
    text = shown(
        Evidence("<b>Colle</b>", 'Une <i> "colle"', ["colle"], 0.25, '/x/?a="&b', "<u>brevet</u>", date(2026, 5, 1))
    )

    assert '<a href="/x/?a=&quot;&amp;b">&lt;b&gt;Colle&lt;/b&gt;</a>' in text
    assert "Une &lt;i&gt; &quot;<mark>colle</mark>&quot;" in text
    assert "&lt;u&gt;brevet&lt;/u&gt; · <time" in text
    assert 'class="share"' in text
    assert not any(tag in text for tag in ("<b>", "<i>", "<u>"))


def test_a_piece_of_a_title_alone_shows_nothing_else():
    lines = [line.strip() for line in shown(Evidence(mark_safe("<em>Colle</em>"))).splitlines()]

    assert list(filter(None, lines)) == [
        '<article class="evidence">',
        '<div class="evidence-head"><span class="evidence-title"><em>Colle</em></span>',
        "</div>",
        "</article>",
    ]
