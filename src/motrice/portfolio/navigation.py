"""What the portfolio adds to the frame of every page."""

from django.utils.translation import gettext_lazy as _

from motrice.directory.models import Organisation, Person
from motrice.inventions.models import Disclosure
from motrice.portfolio.panels import assets_by, assets_from, assets_of
from motrice.portfolio.policies.assets import answers_for_owner, keeps_portfolio, reads_portfolio
from motrice.web import navigation, panels
from motrice.web.navigation import Area

navigation.register(Area(_("Portfolio"), "portfolio:assets", icon="certificate", visible=reads_portfolio, order=30))
panels.register_record(Organisation, assets_of)
panels.register_record(Person, assets_by)
panels.register_record(Disclosure, assets_from)
navigation.register_account_link(
    Area(_("Import patent files"), "portfolio:imports", icon="file-import", visible=keeps_portfolio)
)
navigation.register(
    Area(_("My titles"), "portfolio:my_titles", icon="certificate-2", visible=answers_for_owner, order=31)
)
