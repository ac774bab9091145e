"""What inventors sign, and the seal put on it once they have: text and page, time, and the seals before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from motrice.core.audit import Recorder
from motrice.directory.queries import proposed_owners
from motrice.engines.sealing import GENESIS, canonical, seal_of
from motrice.inventions.models import Disclosure, Inventor, Seal, Signature
from motrice.inventions.rules import share_words

TEXTS = ("title", "summary", "problem", "novelty", "prior_art", "uses", "keywords", "domain")
FORMAT = "motrice-disclosure/1"
_LOCK_KEY = 0x5365616C  # "Seal": one sealer at a time on PostgreSQL


def statement_of(disclosure: Disclosure, inventors: Sequence[Inventor]) -> str:
    """The text that every inventor signs: the whole disclosure with its shares, in canonical JSON."""
    unit = disclosure.unit
    owners = proposed_owners(unit, disclosure.invented_on) if disclosure.invented_on else []
    content: dict[str, Any] = {
        "format": FORMAT,
        "reference": disclosure.reference,
        "kind": disclosure.kind,
        "language": disclosure.language,
        "trl": disclosure.trl,
        "invented_on": disclosure.invented_on.isoformat() if disclosure.invented_on else None,
        "unit": {"reference": unit.reference, "name": unit.name},
        "supervisors": [owner.organisation.name for owner in owners],
        "prepared_by": str(disclosure.author),
        "inventors": [
            {
                "reference": row.reference,
                "name": row.name,
                "role": row.role,
                "employer": row.employer,
                "unit": row.unit.name if row.unit is not None else "",
                "share": f"{row.numerator}/{row.denominator}",
                "contribution": row.contribution,
            }
            for row in inventors
        ],
        "ties": [
            {"kind": row.kind, "party": row.party, "number": row.number, "note": row.note}
            for row in disclosure.ties.order_by("pk")
        ],
        "divulgations": [
            {
                "kind": row.kind,
                "title": row.title,
                "dated_on": row.dated_on.isoformat(),
                "is_under_secrecy": row.is_under_secrecy,
                "note": row.note,
            }
            for row in disclosure.divulgations.order_by("dated_on", "pk")
        ],
        "files": [
            {"name": row.name, "size": row.size, "sha256": row.sha256}
            for row in disclosure.attachments.filter(removed_at=None).order_by("pk")
        ],
    }
    return canonical(content | {name: getattr(disclosure, name) for name in TEXTS})


def seal_disclosure(
    op: Recorder, disclosure: Disclosure, inventors: Sequence[Inventor], *, at: datetime, unsigned: dict[int, str]
) -> Seal:
    """Seal the signed text with its signatures; the chain cannot fork, since each seal is followed once."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_KEY])
    signatures = list(
        Signature.objects.filter(inventor__disclosure=disclosure, void_at=None).select_related("inventor")
    )
    content = canonical(
        {
            "disclosure": json.loads(disclosure.signed_text),
            "signatures": [
                {
                    "inventor": row.inventor.reference,
                    "name": row.inventor.name,
                    "typed_name": row.typed_name,
                    "share": f"{row.numerator}/{row.denominator}",
                    "signed_at": _utc(row.signed_at),
                    "by": row.by_address or "account",
                    "content_sha256": row.content_sha256,
                }
                for row in signatures
            ],
            "unsigned": [
                {"inventor": row.reference, "name": row.name, "reason": unsigned[row.pk]}
                for row in inventors
                if row.pk in unsigned
            ],
        }
    )
    before = Seal.objects.filter(disclosure=disclosure).order_by("-position").first()
    last = Seal.objects.order_by("-pk").values_list("hash", flat=True).first()
    parts: dict[str, Any] = {
        "position": 1 + (before.position if before else 0),
        "content": content,
        "page": page_of(json.loads(content), disclosure.language),
        "previous": before.hash if before else GENESIS,
        "house_previous": last or GENESIS,
    }
    mark = seal_of(reference=disclosure.reference, sealed_at=_utc(at), **parts)
    return op.create(Seal(disclosure=disclosure, sealed_at=at, hash=mark, **parts))


def version_of(seal: Seal) -> dict[str, Any]:
    """One version of the sealed file."""
    return {
        "position": seal.position,
        "sealed_at": _utc(seal.sealed_at),
        "content": seal.content,
        "page": seal.page,
        "previous": seal.previous,
        "house_previous": seal.house_previous,
        "seal": seal.hash,
    }


def _utc(at: datetime) -> str:
    return at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="seconds")


def page_of(content: dict[str, Any], language: str) -> str:
    """The sealed text as a page that any browser shows, with nothing fetched from elsewhere."""
    with translation.override(language):
        said = content["disclosure"]
        rows = [(name, said[key]) for key, name in _labels() if said.get(key)]
        body = "".join(f"<h2>{escape(str(name))}</h2><p>{escape(str(value))}</p>" for name, value in rows)
        people = "".join(_person(row, content) for row in said["inventors"])
        parts = [
            f"<h1>{escape(said['title'])}</h1><p>{escape(said['reference'])} · {escape(said['unit']['name'])}</p>",
            body,
            f"<h2>{escape(_('Inventors'))}</h2><ul>{people}</ul>",
            _list(_("What binds it"), [f"{row['party']} {row['number']} {row['note']}" for row in said["ties"]]),
            _list(_("Publications"), [f"{row['dated_on']} · {row['title']}" for row in said["divulgations"]]),
            _list(_("Files"), [f"{row['name']} · SHA-256 {row['sha256']}" for row in said["files"]]),
        ]
        title = escape(said["reference"])
        return (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>'
            f"<body>{''.join(parts)}</body></html>"
        )


def _labels() -> list[tuple[str, str]]:
    return [
        ("summary", _("What it is")),
        ("problem", _("What it solves")),
        ("novelty", _("What is new")),
        ("prior_art", _("Prior art known")),
        ("uses", _("Uses and advantages")),
        ("keywords", _("Keywords")),
        ("invented_on", _("Date of invention")),
        ("trl", "TRL"),
    ]


def _person(row: dict[str, Any], content: dict[str, Any]) -> str:
    signed = next((each for each in content["signatures"] if each["inventor"] == row["reference"]), None)
    missing = next((each for each in content["unsigned"] if each["inventor"] == row["reference"]), None)
    numerator, denominator = (int(part) for part in row["share"].split("/"))
    words = [row["name"], row["employer"], share_words(Inventor(numerator=numerator, denominator=denominator).share)]
    if signed is not None:
        words.append(_("signed on %(day)s as “%(name)s”") % {"day": signed["signed_at"], "name": signed["typed_name"]})
    if missing is not None:
        words.append(_("not signed: %(reason)s") % {"reason": missing["reason"]})
    return f"<li>{escape(' · '.join(word for word in words if word))}</li>"


def _list(title: str, lines: list[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<h2>{escape(title)}</h2><ul>{items}</ul>" if lines else ""
