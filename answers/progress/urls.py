"""Addresses of progress reports, for anybody and for the back office."""

from django.urls import URLPattern, path

from answers.progress import views

report_urls: list[URLPattern] = [
    path("bilans/", views.public_progress_reports, name="public-progress-reports"),
    path("bilans/<str:reference>/", views.progress_report, name="progress-report"),
    path("bilans/<str:reference>/bilan.json", views.progress_report_json, name="progress-report-json"),
]

DESK = "bureau/suites/"
REPORTS = f"{DESK}bilans/"

desk_urls: list[URLPattern] = [
    path(REPORTS, views.progress_reports, name="progress-reports"),
    path(f"{REPORTS}nouveau/", views.progress_report_begin, name="progress-report-begin"),
    path(f"{REPORTS}<int:pk>/", views.desk_progress_report, name="desk-progress-report"),
    path(f"{REPORTS}<int:pk>/texte/", views.progress_report_text, name="progress-report-text"),
    path(f"{REPORTS}<int:pk>/apercu/", views.progress_report_preview, name="progress-report-preview"),
]

urlpatterns = [*report_urls, *desk_urls]
