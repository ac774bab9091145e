"""The need desk through the API: the same operations as the pages, the same rights; one module for each noun."""

from ninja import Router

from motrice.sourcing.api import desk, needs, offers, ranking, referrals

prefix = "/desk"
router = Router()
for module in (needs, ranking, referrals, offers, desk):
    router.add_router("", module.router)
