from django.urls import path

from assembly.institution.views import invitations, journal, letterhead, people, terms

app_name = "institution"
urlpatterns = [
    path("couleurs.css", letterhead.colours_css, name="colours"),
    path("logo.png", letterhead.logo, name="logo"),
    path("mandature/", terms.term_choose, name="term-choose"),
    path("invitation/", invitations.invitation_by_code, name="invitation-code"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("journal/tete.json", journal.head_json, name="journal-head"),
    path("bureau/journal/", journal.journal, name="journal"),
    path("bureau/journal/export.csv", journal.journal_export, name="journal-export"),
    path("bureau/historique/<str:label>/<str:pk>/", journal.history, name="history"),
    path("bureau/equipe/", people.people_list, name="people"),
    path("bureau/equipe/export.csv", people.people_export, name="people-export"),
    path("bureau/equipe/inviter/", invitations.invite, name="invite"),
    path("bureau/equipe/invitations/<int:pk>/lettre/", invitations.letter, name="invitation-letter"),
    path("bureau/equipe/invitations/<int:pk>/retirer/", invitations.revoke, name="invitation-revoke"),
    path("bureau/equipe/roles/<int:pk>/retirer/", people.role_end, name="role-end"),
    path("bureau/equipe/<int:pk>/", people.person, name="person"),
    path("bureau/equipe/<int:pk>/role/", people.role_give, name="role-give"),
    path("bureau/equipe/<int:pk>/suspendre/", people.suspend, name="suspend"),
    path("bureau/equipe/<int:pk>/retablir/", people.reactivate, name="reactivate"),
    path("bureau/equipe/<int:pk>/passer/", people.hand_over, name="hand-over"),
]
