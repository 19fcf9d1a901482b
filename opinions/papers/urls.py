"""Addresses of the documents: the page of the back office, downloads for all areas, imports of Word files, data."""

from django.urls import URLPattern, path, re_path

from opinions.papers import views as papers
from opinions.views import imports, public_papers

ONE = "bureau/avis-citoyens/<int:pk>/papiers/"
TEXT = r"(?P<public_id>[0-9a-f-]{36})"
SUFFIX = r"(?P<suffix>docx|odt)"

desk: list[URLPattern] = [
    path(ONE, papers.papers, name="papers"),
    path(f"{ONE}chapitres/", papers.chapters, name="paper-chapters"),
    path(f"{ONE}facile-a-lire/", papers.easy_read, name="paper-easy-read"),
    path(f"{ONE}visa-papier/", papers.visa_on_paper, name="paper-visa"),
    path(f"{ONE}sceller/", papers.seal, name="paper-seal"),
]
readers: list[URLPattern] = [
    path("espace/avis/<int:pk>/visa/", papers.member_visa, name="my-visa"),
    path("papiers/avis/<int:pk>/<slug:kind>/", papers.ask, name="paper-ask"),
    re_path(rf"^papiers/avis/(?P<pk>[0-9]{{1,18}})/texte\.{SUFFIX}$", papers.opinion_file, name="opinion-file"),
    re_path(rf"^papiers/textes/{TEXT}\.{SUFFIX}$", papers.text_file, name="text-file"),
    path("papiers/textes/<uuid:public_id>/reprendre/", imports.import_file, name="import"),
    path("papiers/reprises/<uuid:public_id>/", imports.import_shown, name="import-shown"),
]
open_to_all: list[URLPattern] = [
    path("avis/<str:reference>/preconisations.json", public_papers.recommendations_json, name="public-json"),
    path("avis/<str:reference>/preconisations.csv", public_papers.recommendations_csv, name="public-csv"),
    path("avis/<str:reference>/membres/", public_papers.members, name="public-members"),
    path("avis/<str:reference>/facile-a-lire/", public_papers.easy_read, name="public-easy-read"),
    path("avis/<str:reference>/facile-a-lire.pdf", public_papers.easy_read_file, name="public-easy-read-file"),
    re_path(rf"^avis/(?P<reference>[^/]+)/texte\.{SUFFIX}$", public_papers.adopted_file, name="public-file"),
]

urlpatterns = [*desk, *readers, *open_to_all]
