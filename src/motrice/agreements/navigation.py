"""What agreements add to the frame of every page, and to the pages of the apps below."""

from django.utils.translation import gettext_lazy as _

from motrice.agreements.panels import LIVE_LICENCES, agreements_of, licences_of_asset
from motrice.agreements.policies import reads_agreements
from motrice.directory.models import Organisation
from motrice.portfolio.marts import counted
from motrice.portfolio.models import Asset
from motrice.web import navigation, panels
from motrice.web.navigation import Area

navigation.register(
    Area(_("Agreements"), "agreements:agreements", icon="file-certificate", visible=reads_agreements, order=32)
)
panels.register_record(Asset, licences_of_asset)
panels.register_record(Organisation, agreements_of)
counted.register(LIVE_LICENCES)
