"""The portfolio through the API: the same operations as the pages, the same rights; one module for each noun."""

from ninja import Router

from motrice.portfolio.api import (
    agents,
    assets,
    costs,
    details,
    docket,
    docket_mails,
    domains,
    fee_tables,
    figures,
    filings,
    imports,
    owners,
    steering,
)

prefix = "/portfolio"
router = Router()
for module in (
    assets,
    docket,
    docket_mails,
    fee_tables,
    filings,
    domains,
    steering,
    figures,
    costs,
    imports,
    details,
    owners,
    agents,
):
    router.add_router("", module.router)
