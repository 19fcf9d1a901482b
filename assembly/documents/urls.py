"""Addresses of documents. Those printed or published (`/v/`, `/verifier/`, `/publications/`) never change."""

from django.urls import path

from assembly.documents import feeds, views

app_name = "documents"
urlpatterns = [
    path("verifier/", views.verify, name="verify"),
    path("verifier/envoi/<uuid:public_id>/", views.check_result, name="check"),
    path("verifier/<str:reference>/", views.document_verify, name="verify-document"),
    path("v/<str:reference>", views.short_address, name="verify-short"),
    path("publications/", views.publication_list, name="publications"),
    path("publications/flux.atom", feeds.publication_feed, name="feed"),
    path("publications/registre.jsonl", views.manifest, name="manifest"),
    path("publications/<str:reference>.pdf", views.publication_file, name="publication-file"),
    path("documents/avancement/<uuid:public_id>", views.rendition_progress, name="rendition-progress"),
    path("documents/rendu/<uuid:public_id>.pdf", views.rendition_file, name="rendition-file"),
    path("documents/rendu/<uuid:public_id>/relancer", views.rendition_retry, name="rendition-retry"),
    path("documents/<str:reference>.pdf", views.document_file, name="document-file"),
    path("fichiers/<uuid:public_id>", views.upload_file, name="upload"),
    path("fichiers/<uuid:public_id>/apercu.png", views.upload_preview, name="upload-preview"),
]
