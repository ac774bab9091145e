"""The portfolio through the API: the same operations as the pages, the same rights; one module for each noun."""

from ninja import Router

from motrice.portfolio.api import assets, docket, filings, imports, steering

prefix = "/portfolio"
router = Router()
for module in (assets, docket, filings, steering, imports):
    router.add_router("", module.router)
