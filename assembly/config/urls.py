"""Every address of the site. Apps are named by string; paths are French words, names are English."""

from django.urls import include, path

from assembly.web.idempotency import make_idempotent

handler400 = "assembly.web.errors.bad_request"
handler403 = "assembly.web.errors.forbidden"
handler404 = "assembly.web.errors.not_found"
handler500 = "assembly.web.errors.server_error"

urlpatterns = make_idempotent(
    [
        path("compte/", include("assembly.identity.account_urls")),
        path("", include("assembly.web.urls")),
        path("", include("assembly.identity.urls")),
        path("", include("assembly.institution.urls")),
        path("", include("assembly.imports.urls")),
        path("", include("assembly.calendar.urls")),
        path("", include("assembly.documents.urls")),
        path("", include("assembly.open_data.urls")),
        path("", include("assembly.notifications.urls")),
        path("", include("assembly.saved_views.urls")),
        path("", include("assembly.correspondence.urls")),
        path("", include("assembly.search.urls")),
        path("", include("assembly.directory.urls")),
        path("", include("assembly.tasks.urls")),
        path("", include("assembly.collab.urls")),
        path("", include("assembly.portal.urls")),
        path("", include("members.urls")),
        path("", include("draws.urls")),
        path("", include("sessions.urls")),
        path("", include("consultations.urls")),
        path("", include("opinions.urls")),
        path("", include("answers.urls")),
        path("", include("mission.urls")),
        path("", include("demo.urls")),
    ]
)
