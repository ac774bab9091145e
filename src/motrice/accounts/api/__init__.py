"""Accounts, roles, the audit log and the catalogue through the API; one module for each noun."""

from ninja import Router

from motrice.accounts.api import calendars, doors, log, people, records

prefix = "/accounts"
router = Router()
for module in (people, doors, calendars, records, log):
    router.add_router("", module.router)
