"""What the portfolio adds to the frame of every page."""

from django.utils.translation import gettext_lazy as _

from motrice.portfolio.policies import reads_portfolio
from motrice.web import navigation
from motrice.web.navigation import Area

navigation.register(Area(_("Portfolio"), "portfolio:assets", icon="certificate", visible=reads_portfolio, order=30))
