"""Addresses of the inventions."""

from django.urls import path

from motrice.inventions.views import acts, disclosures, evaluation, lists, opinions, outside, outside_opinions, writing

app_name = "inventions"
urlpatterns = [
    path("disclosures/", lists.disclosures, name="disclosures"),
    path("disclosures/report/", lists.report, name="report"),
    path("disclosures/report.pdf", lists.report_paper, name="report_paper"),
    path("disclosures/new/", writing.start, name="start"),
    path("disclosures/verify/", outside.verify, name="verify"),
    path("disclosures/sign/<str:token>/", outside.outside, name="outside"),
    path("disclosures/files/<str:reference>/", disclosures.attachment, name="attachment"),
    path("disclosures/files/<str:reference>/remove/", disclosures.attachment_remove, name="attachment_remove"),
    path("disclosures/inventors/<str:reference>/", writing.inventor_edit, name="inventor_edit"),
    path("disclosures/inventors/<str:reference>/remove/", writing.inventor_remove, name="inventor_remove"),
    path("disclosures/inventors/<str:reference>/invite/", disclosures.inventor_invite, name="inventor_invite"),
    path("disclosures/ties/<str:reference>/remove/", writing.tie_remove, name="tie_remove"),
    path("disclosures/publications/<str:reference>/remove/", writing.divulgation_remove, name="divulgation_remove"),
    path("disclosures/opinion/<str:token>/", outside_opinions.outside_opinion, name="outside_opinion"),
    path("disclosures/opinion/<str:token>/save/", outside_opinions.outside_save, name="outside_save"),
    path("disclosures/opinion/<str:token>/decline/", outside_opinions.outside_decline, name="outside_decline"),
    path("disclosures/opinion/<str:token>/files/<str:reference>/", outside_opinions.outside_file, name="outside_file"),
    path("disclosures/opinions/<str:reference>/", opinions.opinion, name="opinion"),
    path("disclosures/opinions/<str:reference>/save/", opinions.opinion_save, name="opinion_save"),
    path("disclosures/opinions/<str:reference>/decline/", opinions.opinion_decline, name="opinion_decline"),
    path("disclosures/opinions/<str:reference>/end/", opinions.evaluator_end, name="evaluator_end"),
    path("disclosures/opinions/<str:reference>/remind/", opinions.evaluator_remind, name="evaluator_remind"),
    path("disclosures/opinions/<str:reference>/change/", opinions.evaluator_change, name="evaluator_change"),
    path("disclosures/decisions/<str:reference>/approve/", evaluation.decision_approve, name="decision_approve"),
    path("disclosures/decisions/<str:reference>/refuse/", evaluation.decision_refuse, name="decision_refuse"),
    path("disclosures/<str:reference>/", disclosures.disclosure_page, name="disclosure"),
    path("disclosures/<str:reference>/evaluation/", evaluation.evaluation, name="evaluation"),
    path("disclosures/<str:reference>/proof/", disclosures.proof, name="proof"),
    path("disclosures/<str:reference>/send/", writing.send, name="send"),
    path("disclosures/<str:reference>/discard/", writing.discard, name="discard"),
    path("disclosures/<str:reference>/write/<slug:step>/", writing.step, name="step"),
    path("disclosures/<str:reference>/write/<slug:step>/save/", writing.step_save, name="step_save"),
    path("disclosures/<str:reference>/act/<slug:act>/", acts.disclosure_act, name="act"),
]
