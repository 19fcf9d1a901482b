from django.urls import path

from assembly.identity import views

app_name = "identity"
urlpatterns = [
    path("compte/", views.account, name="account"),
    path("compte/fermer-mes-sessions/", views.sign_out_everywhere, name="sign-out-everywhere"),
    path("compte/proteger/", views.second_factor, name="second-factor"),
    path("compte/confirmer/", views.confirm, name="confirm"),
    path("compte/courrier/", views.mail_state, name="mail-state"),
    path("espace/mes-donnees/", views.my_data, name="my-data"),
    path("espace/mes-donnees/fichier/", views.my_data_export, name="my-data-export"),
    path("espace/mes-donnees/effacer/", views.erasure_ask, name="erasure-ask"),
    path("espace/mes-donnees/effacer/<int:pk>/retirer/", views.erasure_withdraw, name="erasure-withdraw"),
]
