from django.urls import path

from assembly.identity.views import account, confirmation, demo, second_factor

app_name = "identity"
urlpatterns = [
    path("compte/", account.account, name="account"),
    path("compte/fermer-mes-sessions/", account.sign_out_everywhere, name="sign-out-everywhere"),
    path("compte/proteger/", second_factor.second_factor, name="second-factor"),
    path("compte/confirmer/", confirmation.confirm, name="confirm"),
    path("compte/demonstration/", demo.demo_sign_in, name="demo-sign-in"),
]
