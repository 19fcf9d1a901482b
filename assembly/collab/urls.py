"""Addresses of the sidebar and of the versions of a text; its own page belongs to the app that owns it."""

from django.urls import path

from assembly.collab import views

app_name = "collab"
TEXT = "co-redaction/<uuid:public_id>"
urlpatterns = [
    path(f"{TEXT}/echange/", views.exchange, name="exchange"),
    path(f"{TEXT}/a-cote/", views.sidebar, name="sidebar"),
    path(f"{TEXT}/mots-en-retard/", views.late_text, name="late-text"),
    path(f"{TEXT}/propositions/", views.suggestions, name="suggestions"),
    path(f"{TEXT}/commentaires/", views.threads, name="threads"),
    path(f"{TEXT}/commentaires/<uuid:thread_id>/", views.thread, name="thread"),
    path(f"{TEXT}/commentaires/retirer/<int:pk>/", views.comment_withdraw, name="comment-withdraw"),
    path(f"{TEXT}/versions/", views.versions, name="versions"),
    path(f"{TEXT}/versions/comparer/", views.version_compare, name="version-compare"),
    path(f"{TEXT}/versions/<int:number>/", views.version, name="version"),
    path(f"{TEXT}/versions/<int:number>/retablir/", views.version_restore, name="version-restore"),
    path(f"{TEXT}/auteurs/", views.authors, name="authors"),
]
