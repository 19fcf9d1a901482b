"""Addresses of the follow-ups, in the back office, the area of the directorates and that of the members."""

from django.urls import URLPattern, path

from answers.follow_up import views as follow_up
from answers.lists import FOLLOW_UPS
from answers.progress import views as progress
from answers.views import commitments, committee
from answers.views.committee import COMMITTEE_STEPS
from answers.views.follow_up_steps import DESK_FOLLOW_UP_STEPS, DIRECTORATE_FOLLOW_UP_STEPS
from assembly.institution.list_pages import list_file, list_page

DESK = "bureau/suites/"
REPORTS = f"{DESK}bilans/"
COMMITTEE = "espace/suites/"
AREA = "instructions/suites/"

urlpatterns: list[URLPattern] = [
    path(DESK, list_page(FOLLOW_UPS), name="follow-ups"),
    path(f"{DESK}export.csv", list_file(FOLLOW_UPS), name="follow-ups-export"),
    path(f"{DESK}engagements/", commitments.commitments, name="commitments"),
    path(f"{DESK}engagements/export.csv", commitments.commitments_export, name="commitments-export"),
    path(REPORTS, progress.progress_reports, name="progress-reports"),
    path(f"{REPORTS}nouveau/", progress.progress_report_begin, name="progress-report-begin"),
    path(f"{REPORTS}<int:pk>/", progress.desk_progress_report, name="desk-progress-report"),
    path(f"{REPORTS}<int:pk>/texte/", progress.progress_report_text, name="progress-report-text"),
    path(f"{REPORTS}<int:pk>/apercu/", progress.progress_report_preview, name="progress-report-preview"),
    path("bureau/reponses/<int:pk>/suites/", follow_up.desk_follow_up, name="desk-follow-up"),
    DESK_FOLLOW_UP_STEPS.path(f"{DESK}<int:pk>/etapes/"),
    path(AREA, follow_up.directorate_follow_ups, name="directorate-follow-ups"),
    path(COMMITTEE, committee.committee_follow_ups, name="committee-follow-ups"),
    path(f"{COMMITTEE}<int:pk>/", committee.committee_follow_up, name="committee-follow-up"),
    COMMITTEE_STEPS.path(f"{COMMITTEE}<int:pk>/etapes/"),
    DIRECTORATE_FOLLOW_UP_STEPS.path(f"{AREA}<int:pk>/etapes/"),
]
