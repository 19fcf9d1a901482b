"""Addresses of the sidebar and of the versions of a text; its own page belongs to the app that owns it."""

from django.urls import path

from assembly.collab.views import exchange, sidebar, versions

app_name = "collab"
TEXT = "co-redaction/<uuid:public_id>"
urlpatterns = [
    path(f"{TEXT}/echange/", exchange.exchange, name="exchange"),
    path(f"{TEXT}/a-cote/", sidebar.sidebar, name="sidebar"),
    path(f"{TEXT}/mots-en-retard/", sidebar.late_text, name="late-text"),
    path(f"{TEXT}/propositions/", sidebar.suggestions, name="suggestions"),
    path(f"{TEXT}/commentaires/", sidebar.threads, name="threads"),
    path(f"{TEXT}/commentaires/<uuid:thread_id>/", sidebar.thread, name="thread"),
    path(f"{TEXT}/commentaires/retirer/<int:pk>/", sidebar.comment_withdraw, name="comment-withdraw"),
    path(f"{TEXT}/versions/", versions.versions, name="versions"),
    path(f"{TEXT}/versions/comparer/", versions.version_compare, name="version-compare"),
    path(f"{TEXT}/versions/<int:number>/", versions.version, name="version"),
    path(f"{TEXT}/versions/<int:number>/retablir/", versions.version_restore, name="version-restore"),
    path(f"{TEXT}/auteurs/", versions.authors, name="authors"),
]
