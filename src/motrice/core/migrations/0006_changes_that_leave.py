"""Marks in the log the changes that took a row away from its record: removals, and rows moved elsewhere."""

from django.apps import apps as installed
from django.db import migrations, models


def mark(apps, schema_editor):
    """Tell it of what was logged before, in portions: a log may hold millions of changes."""
    change = apps.get_model("core", "AuditChange")
    change.objects.filter(action="delete").update(is_leaving=True)
    for label in list(change.objects.filter(action="update").order_by().values_list("label", flat=True).distinct()):
        try:
            columns = installed.get_model(label)._meta.concrete_fields
        except LookupError:
            continue
        names = {column.attname for column in columns if column.is_relation}
        rows = change.objects.filter(action="update", label=label).values_list("pk", "before")
        moved = [pk for pk, before in rows.iterator() if any(before.get(name) is not None for name in names)]
        for first in range(0, len(moved), 500):
            change.objects.filter(pk__in=moved[first : first + 500]).update(is_leaving=True)


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_import_tries'),
    ]

    operations = [
        migrations.AddField(
            model_name='auditchange',
            name='is_leaving',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='auditchange',
            index=models.Index(condition=models.Q(('is_leaving', True)), fields=['label'], name='audit_change_leaving'),
        ),
    ]
