"""The allauth pages that this house uses, under French paths. Sign-up answers "by invitation"; the pages that would
let somebody change a sign-in address alone are left out on purpose."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path
from django.views.generic import RedirectView

from assembly.identity.reauthentication import recently_authenticated

urlpatterns = [
    path("connexion/", account.login, name="account_login"),
    path("connexion/code/", account.request_login_code, name="account_request_login_code"),
    path("connexion/code/saisie/", account.confirm_login_code, name="account_confirm_login_code"),
    path("connexion/cle/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("connexion/seconde-preuve/", mfa.authenticate, name="mfa_authenticate"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("suspendu/", account.account_inactive, name="account_inactive"),
    path("inscription/", account.signup, name="account_signup"),
    path("confirmer/mot-de-passe/", account.reauthenticate, name="account_reauthenticate"),
    path("confirmer/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("confirmer/cle/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", recently_authenticated(account.password_set), name="account_set_password"),
    path("mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/oublie/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[0-9A-Za-z_-]{1,100})/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/oublie/fini/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("preuves/", RedirectView.as_view(pattern_name="identity:account"), name="mfa_index"),
    path("preuves/application/", recently_authenticated(totp.activate_totp), name="mfa_activate_totp"),
    path("preuves/application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("preuves/secours/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("preuves/secours/nouveaux/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("preuves/secours/fichier/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("preuves/cles/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("preuves/cles/ajouter/", recently_authenticated(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("preuves/cles/<int:pk>/nom/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("preuves/cles/<int:pk>/retirer/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
]
