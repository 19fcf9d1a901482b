"""The lines of the table about grants: public pages, personal links, the list of a committee, papers."""

from mission.grants.mails import fingerprint
from tests.factories.mission import GrantApplicationFactory, GrantDepositFactory, GrantSchemeFactory, deposit_link
from tests.security.routes import ANYONE, TEAM, Route


def scheme(p):
    return {"pk": GrantSchemeFactory(assembly=p.assembly).pk}


def own(p):
    return {"token": deposit_link(GrantDepositFactory(scheme__assembly=p.assembly))}


def own_document(p):
    return {**own(p), "pk": 1}


def paper(p):
    return {"pk": GrantApplicationFactory(assembly=p.assembly).pk, "slug": "note"}


def application(p):
    return {"pk": GrantApplicationFactory(assembly=p.assembly).pk}


ROUTES = {
    "mission:grant-schemes": Route(get=ANYONE),  # public
    "mission:grant-scheme": Route(  # public
        get=ANYONE, post=ANYONE, of=scheme, data={"email": "association@example.org"}, crosses=True
    ),
    "mission:grant-data": Route(get=ANYONE),  # public
    "mission:grant-deposit": Route(  # signed link
        get=ANYONE, post=ANYONE, of=own, data={"name": "Lire", "aller": "enregistrer"}, crosses=True
    ),
    "mission:grant-address-confirm": Route(post=ANYONE, of=own, crosses=True),  # signed link
    "mission:grant-link-renew": Route(post=ANYONE, of=own, crosses=True),  # signed link
    "mission:grant-withdraw": Route(get=ANYONE, post=ANYONE, of=own, crosses=True),  # signed link
    "mission:grant-document-drop": Route(post=ANYONE, of=own_document, crosses=True),  # signed link
    "mission:grant-committee": Route(get=TEAM, of=scheme),
    "mission:grant-decisions": Route(get=TEAM, post=TEAM, of=scheme, data={"seen": fingerprint()}),
    "mission:grant-papers": Route(get=TEAM, of=application),
    "mission:grant-word": Route(get=TEAM, of=paper),
    "mission:grant-print": Route(post=TEAM, of=paper),
}
