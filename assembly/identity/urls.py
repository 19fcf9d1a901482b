from django.urls import path

from assembly.identity.views import account, confirmation, mail_state, my_data, second_factor

app_name = "identity"
urlpatterns = [
    path("compte/", account.account, name="account"),
    path("compte/fermer-mes-sessions/", account.sign_out_everywhere, name="sign-out-everywhere"),
    path("compte/proteger/", second_factor.second_factor, name="second-factor"),
    path("compte/confirmer/", confirmation.confirm, name="confirm"),
    path("compte/courrier/", mail_state.mail_state, name="mail-state"),
    path("espace/mes-donnees/", my_data.my_data, name="my-data"),
    path("espace/mes-donnees/fichier/", my_data.my_data_export, name="my-data-export"),
    path("espace/mes-donnees/effacer/", my_data.erasure_ask, name="erasure-ask"),
    path("espace/mes-donnees/effacer/<int:pk>/retirer/", my_data.erasure_withdraw, name="erasure-withdraw"),
]
