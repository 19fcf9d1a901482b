"""Addresses of documents. Those printed or published (`/v/`, `/verifier/`, `/publications/`) never change."""

from django.urls import path

from assembly.documents import feeds
from assembly.documents.views import files, publications, renditions, verify

app_name = "documents"
urlpatterns = [
    path("verifier/", verify.verify, name="verify"),
    path("verifier/envoi/<uuid:public_id>/", verify.check_result, name="check"),
    path("verifier/<str:reference>/", verify.document_verify, name="verify-document"),
    path("v/<str:reference>", verify.short_address, name="verify-short"),
    path("publications/", publications.publication_list, name="publications"),
    path("publications/flux.atom", feeds.publication_feed, name="feed"),
    path("publications/registre.jsonl", publications.manifest, name="manifest"),
    path("publications/<str:reference>.pdf", publications.publication_file, name="publication-file"),
    path("documents/avancement/<uuid:public_id>", renditions.rendition_progress, name="rendition-progress"),
    path("documents/rendu/<uuid:public_id>.pdf", renditions.rendition_file, name="rendition-file"),
    path("documents/rendu/<uuid:public_id>/relancer", renditions.rendition_retry, name="rendition-retry"),
    path("documents/<str:reference>.pdf", renditions.document_file, name="document-file"),
    path("fichiers/<uuid:public_id>", files.upload_file, name="upload"),
]
