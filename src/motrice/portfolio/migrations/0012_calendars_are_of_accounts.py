"""Calendar addresses are kept by the accounts: those of this app move there, and go on answering."""

from django.db import migrations

from motrice.accounts.migrations._moved import bring, give_back

OLD = ("portfolio", "DocketFeed", "docket")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_calendaraddress'),
        ('portfolio', '0011_ranking_line_is_settled'),
    ]

    operations = [
        migrations.RunPython(bring(*OLD), give_back(*OLD)),
        migrations.DeleteModel(
            name='DocketFeed',
        ),
    ]
