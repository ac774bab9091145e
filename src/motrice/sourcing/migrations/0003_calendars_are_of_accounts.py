"""Calendar addresses are kept by the accounts: those of this app move there, and go on answering."""

from django.db import migrations

from motrice.accounts.migrations._moved import bring, give_back

OLD = ("sourcing", "DeskFeed", "desk")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_calendaraddress'),
        ('sourcing', '0002_working_days_to_answer'),
    ]

    operations = [
        migrations.RunPython(bring(*OLD), give_back(*OLD)),
        migrations.DeleteModel(
            name='DeskFeed',
        ),
    ]
