"""URLs of the watch letters, in addition to those of their register."""

from django.urls import path

from mission.watch import views

BASE = "bureau/mission/lettres-de-veille/"
urlpatterns = [
    path(f"{BASE}destinataires/", views.digest_readers, name="digest-readers"),
    path(f"{BASE}destinataires/<int:pk>/retirer/", views.digest_reader_remove, name="digest-reader-remove"),
    path(f"{BASE}<int:pk>/lettre.<slug:kind>", views.digest_file, name="digest-file"),
]
