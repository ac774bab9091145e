"""Addresses of the accounts app."""

from django.urls import path

from motrice.accounts.views import access, calendars, logs, own, people, records

app_name = "accounts"
urlpatterns = [
    path("account/", own.profile, name="profile"),
    # An address is the account's name in the log: it changes through an administrator, not through these pages.
    path("account/email/", own.closed, name="email_closed"),
    path("account/confirm-email/", own.closed, name="confirm_closed"),
    path("account/confirm-email/<str:key>/", own.closed, name="confirm_key_closed"),
    path("account/tokens/new/", own.token_create, name="token_create"),
    path("account/tokens/<str:reference>/revoke/", own.token_revoke, name="token_revoke"),
    path("account/tokens/<str:reference>/made/", own.token_made, name="token_made"),
    path("account/calendars/<str:kind>/new/", calendars.calendar_make, name="calendar_make"),
    path("account/calendars/<str:reference>/made/", calendars.calendar_made, name="calendar_made"),
    path("account/calendars/<str:reference>/revoke/", calendars.calendar_revoke, name="calendar_revoke"),
    path("calendars/<str:token>.ics", calendars.calendar, name="calendar"),
    # Where the addresses made before these were of the portfolio and of the desk: calendars still ask there.
    path("portfolio/docket/calendar/<str:token>.ics", calendars.calendar, name="calendar_of_docket"),
    path("desk/feed/<str:token>.ics", calendars.calendar, name="calendar_of_desk"),
    path("account/sign-out-elsewhere/", own.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("account/my-data/", own.my_data, name="my_data"),
    path("account/view-as/", access.view_as, name="view_as"),
    path("account/view-as/stop/", access.view_as_stop, name="view_as_stop"),
    path("account/break-glass/", access.emergency, name="emergency"),
    path("account/break-glass/close/", access.emergency_close, name="emergency_close"),
    path("invitation/<str:token>/", own.invitation, name="invitation"),
    path("accounts/", people.user_list, name="users"),
    path("accounts/invitations/", people.invitation_list, name="invitations"),
    path("accounts/invitations/new/", people.invitation_create, name="invite"),
    path("accounts/invitations/<str:reference>/", people.invitation_page, name="invitation_page"),
    path("accounts/invitations/<str:reference>/revoke/", people.invitation_revoke, name="invitation_revoke"),
    path("accounts/roles/<str:reference>/end/", people.role_end, name="role_end"),
    path("accounts/<str:reference>/", people.user_page, name="user"),
    path("accounts/<str:reference>/close/", people.user_close, name="user_close"),
    path("audit/", logs.audit_list, name="audit"),
    path("audit/verify/", logs.audit_verify, name="audit_verify"),
    path("audit/<int:sequence>/", logs.audit_entry, name="audit_entry"),
    path("catalogue/", logs.catalogue_kinds, name="catalogue"),
    path("catalogue/<str:kind>/", logs.catalogue_kind, name="catalogue_kind"),
    path("catalogue/<str:kind>/<str:code>/", logs.catalogue_entry, name="catalogue_entry"),
    path("catalogue/<str:kind>/<str:code>/edit/", logs.catalogue_edit, name="catalogue_edit"),
    path("why/<str:label>/<str:reference>/", records.record_why, name="why"),
    path("history/<str:label>/<str:reference>/", records.record_history, name="history"),
    path("follow/<str:label>/<str:reference>/", records.record_follow, name="follow"),
]
