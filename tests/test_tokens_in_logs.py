"""Addresses that open something by themselves: their tokens reach neither the proxy's logs, nor nginx's, nor ours.

The rules are read from the deployment's own files and given every address of the house that carries a token.
"""

import logging
import re
from urllib.parse import quote

import pytest
from django.urls import URLPattern, get_resolver

from assembly.local.addresses import ROOT
from assembly.web.logs import JsonFormatter

TOKEN = "eyJhIjoxfQ:1vZ0aB:K3yOfAPerson.AQ-7_z9"  # the letters that Django's signers use, with both separators
# By the pattern of the address, each with one that somebody received: whoever has it needs no account.
SECRET = {
    "invitation/<str:token>/": f"/invitation/{TOKEN}/",
    "reponse/<str:token>/": f"/reponse/{TOKEN}/",
    "reponse/<str:token>/nouveau-lien/": f"/reponse/{TOKEN}/nouveau-lien/",
    "rester-en-contact/<str:token>/": f"/rester-en-contact/{TOKEN}/",
    "calendrier/<str:token>.ics": f"/calendrier/{TOKEN}.ics",
    "calendrier/equipe-<str:token>.ics": f"/calendrier/equipe-{TOKEN}.ics",
    "courriels/arret/<str:token>/": f"/courriels/arret/{TOKEN}/",
    "propositions/suivi/confirmer/<str:token>/": f"/propositions/suivi/confirmer/{TOKEN}/",
    "propositions/suivi/arret/<str:token>/": f"/propositions/suivi/arret/{TOKEN}/",
    "vues/arret/<str:token>/": f"/vues/arret/{TOKEN}/",
    "listes/accord/<str:token>/": f"/listes/accord/{TOKEN}/",
    "listes/retrait/<str:token>/": f"/listes/retrait/{TOKEN}/",
    **{
        f"candidature/<str:token>/{page}": f"/candidature/{TOKEN}/{page}"
        for page in ("", "confirmer/", "corriger/", "retirer/", "donnees.json", "autorisation.pdf")
    },
    "candidater/code/<str:token>/": f"/candidater/code/{TOKEN}/",
    "candidater/parent/<str:token>/": f"/candidater/parent/{TOKEN}/",
    "candidater/arret/<str:token>/": f"/candidater/arret/{TOKEN}/",
    "candidater/nouveau-lien/<str:token>/": f"/candidater/nouveau-lien/{TOKEN}/",
    **{
        f"subventions/dossier/<str:token>/{page}": f"/subventions/dossier/{TOKEN}/{page.replace('<int:pk>', '7')}"
        for page in ("", "confirmer/", "nouveau-lien/", "retirer/", "documents/<int:pk>/retirer/")
    },
    "tirages/ma-page/<str:token>/": f"/tirages/ma-page/{TOKEN}/",
    "verifier/envoi/<uuid:public_id>/": "/verifier/envoi/3f2b8c1e-9d4a-4b6f-8e21-5a7c90d1e2f3/",
    "compte/^mot-de-passe/oublie/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[0-9A-Za-z_-]{1,100})/$": (
        "/compte/mot-de-passe/oublie/1-d8abc9-0123456789abcdef0123456789abcdef/"
    ),
}
# Asked of a signed-in person with a right to them: knowing the address is not enough.
NEEDS_AN_ACCOUNT = re.compile(r"^(co-redaction|bureau|documents|fichiers|papiers|vues/<str:token>)/|^\^papiers/")
QUERIES = [
    f"/compte/connexion/?next=/invitation/{TOKEN}/",
    f"/compte/connexion/code/?code={TOKEN}",
    f"/recherche/?q=Vanuxem&key={TOKEN}",
]


def patterns(resolver=None, before=""):
    for entry in (resolver or get_resolver()).url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path
        else:
            yield from patterns(entry, path)


def test_every_address_with_a_token_is_known_here():
    carry = [path for path in patterns() if re.search(r"token|key|uidb36|secret|<uuid:|public_id", path)]
    assert {path for path in carry if not NEEDS_AN_ACCOUNT.match(path)} == set(SECRET)


def secret_of(address):
    return next(part for part in re.split(r"[/?=]|\.ics", address) if len(part) > 20)


def caddy(address):
    """Apply Caddy's filter `regexp`: Go's syntax is that of Python here, except `${1}`."""
    text = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    [(pattern, replacement)] = re.findall(r'request>uri regexp "([^"]+)" "([^"]+)"', text)
    return re.sub(pattern, lambda match: replacement.replace("${1}", match[1] or ""), address)


def nginx(address):
    """Apply the `map` of nginx.conf: the first expression that matches gives the value."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    block = re.search(r"map \$request_uri \$masked_uri \{(.*?)\n\}", text, re.DOTALL)[1]
    for pattern, replacement in re.findall(r'^\s*"~(.+?)" "(.+?)";$', block, re.MULTILINE):
        if match := re.search(pattern, address):
            return re.sub(r"\$(\w+)", lambda name: match[name[1]], replacement)
    raise AssertionError(address)


def ours(address):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", (address,), None)
    return JsonFormatter().format(record)


@pytest.mark.parametrize("log", [caddy, nginx, ours])
@pytest.mark.parametrize("address", [*SECRET.values(), *QUERIES])
def test_its_token_stays_out(address, log):
    secret = secret_of(address)
    for spelt in {address, address.replace(secret, quote(secret, safe="")), address + "?a=1", address.rstrip("/")}:
        left = log(spelt)
        assert not [part for part in (secret, quote(secret, safe=""), *re.split(r"[:.%]", secret)[1:]) if part in left]


@pytest.mark.parametrize("log", [caddy, nginx])
@pytest.mark.parametrize("address", ["/", "/bureau/seances/12/", "/publications/AC2-2026-01.pdf", "/calendrier.ics"])
def test_any_other_address_is_kept_whole(address, log):
    assert log(address) == address


def test_errors_of_the_proxy_are_masked_like_requests():
    text = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    assert re.search(r"log default \{[^}]*import masked", text)
    assert re.search(r"\tlog \{\n\t\toutput stdout\n\t\timport masked", text)
    assert "resp_headers delete" in text  # a redirection names the address again
    assert "request>headers delete" in text
