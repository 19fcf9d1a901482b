"""Addresses of the documents and of the public pages: the back office, downloads, imports of Word files, data."""

from django.urls import URLPattern, path, re_path

from opinions.papers import public_pages, views

ONE = "bureau/avis-citoyens/<int:pk>/papiers/"
TEXT = r"(?P<public_id>[0-9a-f-]{36})"
SUFFIX = r"(?P<suffix>docx|odt)"

desk: list[URLPattern] = [
    path(ONE, views.papers, name="papers"),
    path(f"{ONE}chapitres/", views.chapters, name="paper-chapters"),
    path(f"{ONE}facile-a-lire/", views.easy_read, name="paper-easy-read"),
    path(f"{ONE}visa-papier/", views.visa_on_paper, name="paper-visa"),
    path(f"{ONE}sceller/", views.seal, name="paper-seal"),
]
readers: list[URLPattern] = [
    path("espace/avis/<int:pk>/visa/", views.member_visa, name="my-visa"),
    path("papiers/avis/<int:pk>/<slug:kind>/", views.ask, name="paper-ask"),
    re_path(rf"^papiers/avis/(?P<pk>[0-9]{{1,18}})/texte\.{SUFFIX}$", views.opinion_file, name="opinion-file"),
    re_path(rf"^papiers/textes/{TEXT}\.{SUFFIX}$", views.text_file, name="text-file"),
    path("papiers/textes/<uuid:public_id>/reprendre/", views.import_file, name="import"),
    path("papiers/reprises/<uuid:public_id>/", views.import_shown, name="import-shown"),
]
open_to_all: list[URLPattern] = [
    path("avis/<str:reference>/preconisations.json", views.recommendations_json, name="public-json"),
    path("avis/<str:reference>/preconisations.csv", views.recommendations_csv, name="public-csv"),
    path("avis/<str:reference>/membres/", views.members, name="public-members"),
    path("avis/<str:reference>/facile-a-lire/", views.public_easy_read, name="public-easy-read"),
    path("avis/<str:reference>/facile-a-lire.pdf", views.easy_read_file, name="public-easy-read-file"),
    re_path(rf"^avis/(?P<reference>[^/]+)/texte\.{SUFFIX}$", views.adopted_file, name="public-file"),
    path("avis/", views.public_list, name="public-list"),
    path("avis/<str:reference>/", public_pages.public_opinion, name=public_pages.CARDS),
    *(
        path(f"avis/<str:reference>/{name}/", public_pages.public_opinion, {"tab": tab}, name=tab)
        for name, tab in public_pages.TABS.items()
    ),
    path("avis/<str:reference>/partage.png", views.public_card, name="public-card"),
]

urlpatterns = [*desk, *readers, *open_to_all]
