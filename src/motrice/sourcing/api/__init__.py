"""The need desk through the API: the same operations as the pages, the same rights; one module for each noun."""

from ninja import Router

from motrice.sourcing.api import acts, desk, drafts, files, needs, offers, ranking, referrals, report

prefix = "/desk"
router = Router()
for module in (needs, acts, files, drafts, ranking, referrals, offers, desk, report):
    router.add_router("", module.router)
