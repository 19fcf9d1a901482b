"""Addresses that anybody may open; printed in the opinions, they never change."""

from django.urls import URLPattern, path

from answers.progress import views as progress
from answers.views import commitments, public, table
from opinions.versions.models import PROPOSAL_ROUTE as THREAD

urlpatterns: list[URLPattern] = [
    path(THREAD, public.thread, name="thread"),
    path(f"{THREAD}fil.atom", public.thread_feed, name="thread-feed"),
    path("avis/<str:reference>/reponses/", table.table, name="table"),
    path("avis/<str:reference>/reponses.json", table.table_json, name="table-json"),
    path("engagements/", commitments.public_commitments, name="public-commitments"),
    path("engagements/engagements.csv", commitments.public_commitments_file, name="public-commitments-file"),
    path("bilans/", progress.public_progress_reports, name="public-progress-reports"),
    path("bilans/<str:reference>/", progress.progress_report, name="progress-report"),
    path("bilans/<str:reference>/bilan.json", progress.progress_report_json, name="progress-report-json"),
]
