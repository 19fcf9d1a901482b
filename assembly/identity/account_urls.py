"""Addresses of the allauth pages that this site uses, under French paths.

Sign-up answers « by invitation »; the pages on which a person could change a sign-in address alone are left out on
purpose.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic import RedirectView

from assembly.identity.http import View, ask_for_proof, recently_authenticated as proved
from assembly.identity.views import confirm_login_code, recovery_codes_file
from assembly.web.idempotency import repeatable

SAFE_TWICE = "allauth keeps the state of each step in the session, and its forms are answered 200 when they say no"


def page(route: str, view: View, name: str) -> URLPattern:
    """Wrap a view of allauth: its forms take PUT for POST and redirect before they check the method."""
    return path(route, repeatable(SAFE_TWICE)(require_http_methods(["GET", "HEAD", "POST"])(view)), name=name)


urlpatterns = [
    page("connexion/", account.login, "account_login"),
    page("connexion/code/", account.request_login_code, "account_request_login_code"),
    page("connexion/code/saisie/", confirm_login_code, "account_confirm_login_code"),
    page("connexion/cle/", webauthn.login_webauthn, "mfa_login_webauthn"),
    page("connexion/seconde-preuve/", mfa.authenticate, "mfa_authenticate"),
    page("deconnexion/", account.logout, "account_logout"),
    page("suspendu/", account.account_inactive, "account_inactive"),
    page("inscription/", account.signup, "account_signup"),
    page("confirmer/mot-de-passe/", ask_for_proof(account.reauthenticate), "account_reauthenticate"),
    page("confirmer/code/", ask_for_proof(mfa.reauthenticate), "mfa_reauthenticate"),
    page("confirmer/cle/", ask_for_proof(webauthn.reauthenticate_webauthn), "mfa_reauthenticate_webauthn"),
    page("mot-de-passe/", proved(account.password_change), "account_change_password"),
    page("mot-de-passe/choisir/", proved(account.password_set), "account_set_password"),
    page("mot-de-passe/oublie/", account.password_reset, "account_reset_password"),
    page("mot-de-passe/oublie/envoye/", account.password_reset_done, "account_reset_password_done"),
    re_path(
        r"^mot-de-passe/oublie/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[0-9A-Za-z_-]{1,100})/$",
        repeatable(SAFE_TWICE)(require_http_methods(["GET", "HEAD", "POST"])(account.password_reset_from_key)),
        name="account_reset_password_from_key",
    ),
    page(
        "mot-de-passe/oublie/fini/",
        account.password_reset_from_key_done,
        "account_reset_password_from_key_done",
    ),
    path("preuves/", require_safe(RedirectView.as_view(pattern_name="identity:account")), name="mfa_index"),
    page("preuves/application/", proved(totp.activate_totp), "mfa_activate_totp"),
    page("preuves/application/retirer/", proved(totp.deactivate_totp), "mfa_deactivate_totp"),
    page("preuves/secours/", proved(recovery.view_recovery_codes), "mfa_view_recovery_codes"),
    page(
        "preuves/secours/nouveaux/",
        proved(recovery.generate_recovery_codes),
        "mfa_generate_recovery_codes",
    ),
    page(
        "preuves/secours/fichier/",
        proved(recovery_codes_file),
        "mfa_download_recovery_codes",
    ),
    page("preuves/cles/", webauthn.list_webauthn, "mfa_list_webauthn"),
    page("preuves/cles/ajouter/", proved(webauthn.add_webauthn), "mfa_add_webauthn"),
    page("preuves/cles/<int:pk>/nom/", proved(webauthn.edit_webauthn), "mfa_edit_webauthn"),
    page("preuves/cles/<int:pk>/retirer/", proved(webauthn.remove_webauthn), "mfa_remove_webauthn"),
]
