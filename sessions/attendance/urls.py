"""URLs of the roll, of certificates, and of absences in a row."""

from django.urls import URLPattern, path

from sessions.attendance import views
from sessions.attendance.actions import BADGES_KIND, SIGN_IN_KIND
from sessions.sittings.urls import ONE
from sessions.sittings.views.steps import ROLL_STEPS

urlpatterns: list[URLPattern] = [
    path(f"{ONE}presences/", views.attendance_board, name="attendance"),
    path(f"{ONE}appel/", views.roll_call, name="roll"),
    path(f"{ONE}appel/arrivee/", views.roll_arrive, name="roll-arrive"),
    path(f"{ONE}appel/tous/", views.roll_all, name="roll-all"),
    path(f"{ONE}appel/tous/defaire/", views.roll_all_undo, name="roll-all-undo"),
    ROLL_STEPS.path(f"{ONE}appel/"),
    path(f"{ONE}presences/<int:invitee>/<str:action>/noter/", views.tap, name="tap"),
    path(f"{ONE}presences/<int:invitee>/", views.person_attendance, name="person-attendance"),
    path(f"{ONE}presences/<int:invitee>/absence/", views.absence_record, name="absence"),
    path(f"{ONE}presences/sejour/<int:stay>/", views.stay_edit, name="stay-edit"),
    path(f"{ONE}presences/sejour/<int:stay>/annuler/", views.stay_void, name="stay-void"),
    path(f"{ONE}attestations/", views.certificates_send, name="certificates-send"),
    path(f"{ONE}attestations/<int:invitee>.pdf", views.certificate, name="certificate"),
    path(f"{ONE}emargement/", views.sheet, {"kind": SIGN_IN_KIND}, name="sign-in-sheet"),
    path(f"{ONE}badges/", views.sheet, {"kind": BADGES_KIND}, name="badges"),
    path("bureau/absences/<int:pk>/", views.absence_case, name="absence-case"),
    views.STEPS.path("bureau/absences/<int:pk>/"),
    path("bureau/presences/<int:pk>/attestation.pdf", views.mandate_certificate, name="mandate-certificate"),
    path("espace/seances/<int:pk>/attestation.pdf", views.member_certificate, name="my-certificate"),
    path("espace/seances/attestation.pdf", views.my_mandate_certificate, name="my-mandate-certificate"),
]
