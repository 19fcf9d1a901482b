"""Every step of the product: whether it must ask first, why, and that its question says what follows.

The table is written by hand. A step that opens, closes, convenes, publishes, seals, decides, sends mail, gives or
takes a right, or has no way back stands on a page of its own, with its consequences; all else may act at once.
"""

import re

import pytest

from assembly.workflow import StepForm, StepPage
from tests.security.expectations import ROUTES
from tests.security.steps.rule import step_routes
from tests.security.test_step_matrix import TABLES

# By table of the matrix: the slug of each step, and behind « = » why it asks: open, close, convene, publish, seal,
# decide, mail, right, final. Nothing: it neither leaves this house nor lasts.
EXPECTED = """
terms: appel=open tirage=decide installer=open commencer=open cloturer=close clore=close archiver=final rouvrir=open
mandates: accepter refuser=final sans-reponse=final ouvrir=right suspendre=right reprendre=right terminer=right
sittings: notify=convene renotify=convene remind=mail confirm postpone=mail cancel=mail reconvene hold=decide
  not-held=decide reopen=open undo-opening=open archive=final
sittings-roll: ouvrir=open suspendre reprendre clore=close sans-quorum=decide
minutes-formal: type fonctions relire rendre valider=decide circuler=mail clore-les-corrections=close repondre=mail
  soumettre=mail approuver=decide visa-presidence=decide visa-secretariat=decide visa-papier=decide
  reprendre-les-visas=right sceller=seal publier=publish diffuser=mail releve=seal diffuser-le-releve=mail rouvrir=open
  rectifier=decide archiver=final
minutes-visa-chair: visa-presidence=decide visa-secretariat=decide
ballots: maintenir=decide retirer=decide
tasks: faite prendre passer reporter abandonner renoncer suite rouvrir
notes: corriger effacer=final
team-messages: envoyer=mail envoyer-en-nombre=mail abandonner reprendre
saved-texts: retirer remettre
calls: ouvrir=open annoncer=mail prolonger=open clore=close
candidates: recevable=decide irrecevable=decide doublon=decide confirmer=decide autoriser foyer=decide lien=mail
  prevenir=mail ecarter=mail retirer=final renoncer=final rouvrir=decide
draws: reglages essai verifier=decide figer=close ecrire=mail degeler=open calculer accepter-ecart=decide
  annoncer=publish lecture=decide incident presents proces-verbal=seal constater=decide reveler=publish mandats=mail
  relancer=mail remplacer=right fonction figer-liste=close desistement=decide nommer=publish annuler=final
referrals: instruire=right reprendre lettre-signee=decide inscrire recevoir=decide demarrer=open avis-adopte=decide
  remettre=final reponse-donnee=decide clore=close rouvrir=open publier=publish depublier=publish passer
  fusionner=final retirer=final
offices: emettre=decide renvoyer avis-du-conseil=decide
self-referrals: preselectionner=decide ne-plus-preselectionner recevabilite=mail decision=decide rouvrir-recevabilite
  avis-du-conseil=decide mettre-aux-voix=decide retirer-du-vote
reviews: relancer=mail date=mail complement=mail redemander=mail clore=close
instructions: a-reprendre renvoyer=mail passer=mail
hearings: tenue=decide annuler=final reprendre
opinions: confier=mail directions=mail reunir=close deposer=mail ouvrir-amendements=open dates-amendements figer=close
  retirer-ordre-du-jour=close remettre=mail corriger-remise=decide revenir-sur-remise=decide publier=publish
  facile-a-lire=publish rendre-aux-groupes=open rouvrir=open retirer=final
sections: valider=mail rouvrir=open
checks-desk: clore=close date relancer=mail
checks: envoyer=mail visa=decide a-reprendre
amendments: recevable=decide irrecevable=decide reprendre avis=decide appeler voter=decide sans-opposition=decide
  corriger=decide tomber=decide retablir=decide fusionner=decide
amendments-own: effacer=final retirer=final signer ne-pas-signer confirmer avis=decide
positions: relire=publish effacer=final retirer=final signer retirer-ma-signature confirmer
answers-desk: confier=mail publier=publish deliberation=decide demander-arbitrage=mail arbitrage-copil=decide
  relancer=mail renvoyer=mail reconfier=mail date=decide rouvrir=open reponse-passee=publish reviser=mail
  abandonner-revision=final annuler=final retablir=open
answers-room: envoyer=mail viser=decide a-reprendre=mail arbitrer=decide renvoyer=mail decider=decide
follow-ups-desk: clore=close a-faire=mail demander=mail point=publish etapes=publish service confier=mail remarque
  entendre audition retirer=publish abandonner=close rouvrir=open
follow-ups-committee: remarque entendre
follow-ups-room: point=publish etapes=publish service
absences: ecrire=mail classer=close procedure=open observations arreter=close terminer=right
expenses-own: envoyer=mail retirer=final
expenses-desk: envoyer=mail controler=decide completer=mail refuser=mail payer=mail retirer=final
register bookings: prevenir confirmer deplacer annuler=final
register budget: ouvrir=open depassement=decide clore=close rouvrir=open
register contracts: notifier accepter=decide terminer=close
register digests: envoyer=mail
register grants: joindre declarer-complete demander-les-pieces=mail pieces-recues instruire=right
  remplacer=right lien-d-interet noter echanger rendre-avis=decide au-comite voter=decide corriger-le-message
  annoncer=mail sceller-la-decision=seal convention sceller-la-convention=seal verser=final compte-rendu clore=close
  refuser=decide retirer=final
register legal: en-vigueur remplacer=final echoir
register lists: fermer=close rouvrir=open
register messages: envoyer=mail
register methods: mettre-en-usage retirer
register partners: engager reprendre en-sommeil terminer fusionner=final
register people: depart retour
register resources: hors-service en-service
register schemes: publier=publish clore=close
register sources: relever suspendre reprendre abandonner
register support: accepter=mail refuser=mail commencer rendre=mail evaluer retirer=final
register trips: ordonner reprendre fait annuler=final
register watch: retenir lire diffuser classer reprendre
support, in the room of directorates: evaluer retirer=final
"""
# Every other address that takes a POST and nothing else, by the reason why it acts without a question. What stands in
# none of these lines asks (`confirm_first`), or shows a form first.
AT_ONCE = """
it reads: answers:progress-report-preview collab:exchange collab:suggestions collab:threads
  consultations:briefing-note consultations:briefing-pdf consultations:instruction-presence consultations:letter
  consultations:my-briefing-pdf consultations:suggest-draft draws:population-count directory:card directory:file
  directory:print members:alumni-contacts members:member-contacts members:member-labels members:member-needs
  mission:grant-print mission:indicator-sheet-print register:private-export identity:my-data-export
  institution:invitation-letter notifications:distribution-proof notifications:distribution-proof-pdf
  opinions:paper-ask opinions:recommendations-read sittings:answers-export sittings:badges
  sittings:expense-batch-file sittings:expense-vouchers sittings:logistics sittings:minutes-draft
  sittings:sign-in-sheet
its opposite is beside it: consultations:document-move consultations:guest-add consultations:guest-remove
  consultations:my-briefing-mark consultations:my-dots consultations:visa-level-remove consultations:visa-level-up
  consultations:briefing-unschedule members:member-need-end members:member-portrait-offline
  members:my-need-end opinions:part-drop
  opinions:position-sign opinions:position-unsign opinions:section-duplicate opinions:section-move
  opinions:section-remove opinions:section-restore opinions:sections-arrange sittings:absence
  sittings:agenda-arrange sittings:guest-remove sittings:item-close sittings:item-duplicate
  sittings:item-move sittings:item-open sittings:item-remove sittings:item-restore sittings:paper-remove
  sittings:roll-all-undo sittings:roll-arrive sittings:section-restore sittings:stay-void sittings:tap
  institution:term-choose mission:means-move register:link-remove tasks:pin-add
  tasks:pin-remove tasks:switch
a form was filled in: tasks:add tasks:note-add collab:thread
  consultations:instruction-file-add institution:erasure-refuse institution:role-give
  institution:seat-add opinions:amendment-invite opinions:paper-visa sittings:actions-item-add
  sittings:item-add sittings:note-take
the page before showed what it does: draws:apply-send draws:candidates-write-send draws:import-confirm
  draws:import-step draws:import-correct
  members:import-confirm members:import-step members:import-correct opinions:sections-paste sittings:items-paste
  register:import-confirm register:import-step register:import-correct members:person-import-confirm
  members:person-import-step members:person-import-correct sittings:import-confirm sittings:import-step
  sittings:import-correct consultations:import-confirm consultations:import-step consultations:import-correct
  imports:body-import-confirm imports:body-import-step imports:body-import-correct imports:seat-import-confirm
  imports:seat-import-step imports:seat-import-correct imports:directorate-import-confirm
  imports:directorate-import-step imports:directorate-import-correct imports:canton-import-confirm
  imports:canton-import-step imports:canton-import-correct imports:account-import-confirm
  imports:account-import-step imports:account-import-correct sittings:expense-rates-import-confirm
  sittings:expense-rates-import-step sittings:expense-rates-import-correct
  sittings:expense-claims-import-confirm sittings:expense-claims-import-step
  sittings:expense-claims-import-correct
it makes a draft: consultations:scoping-note-generate opinions:amendment-begin-again opinions:spokespersons-draw
  draws:begin sittings:my-expense-start sittings:minutes-start sittings:day-vote answers:directorate-table-keep
one’s own, in a draft: consultations:instruction-file-remove mission:grant-document-drop
  sittings:expense-line-remove sittings:my-expense-line-remove register:file-remove collab:comment-withdraw
one’s own signature, withdrawn the same way: opinions:amendment-confirm opinions:amendment-decline
  opinions:amendment-sign opinions:position-confirm
one’s own account: identity:erasure-ask identity:erasure-withdraw identity:sign-out-everywhere
the page says what it does: calendar:team-renew
a link that was mailed: draws:candidate-confirm mission:grant-address-confirm
to one’s own address alone: draws:link-renew mission:grant-link-renew sittings:reply-renew sittings:notice-trial
  correspondence:trial draws:candidates-write-trial institution:settings-test-mail
the machine’s work, begun again or stopped: documents:rendition-retry draws:computation-stop portal:backup-ask
  portal:job-retry notifications:letters-print
a letter that a person still posts: notifications:delivery-write
no person: notifications:mail-webhook
"""
REASONS = {"open", "close", "convene", "publish", "seal", "decide", "mail", "right", "final"}


def read(text: str) -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    for line in text.strip().replace("\n  ", " ").splitlines():
        name, _, steps = line.rpartition(": ")
        rows[name] = {slug: reason for slug, _, reason in (step.partition("=") for step in steps.split())}
    return rows


ROWS = read(EXPECTED)


def test_every_step_stands_in_the_table():
    registries = {id(table.registry): name for name, table in reversed(TABLES.items())}
    first = {name: set(TABLES[name].registry.pages) for name in registries.values()}
    assert {name: set(steps) for name, steps in ROWS.items()} == first
    assert {reason for steps in ROWS.values() for reason in steps.values()} - {""} == REASONS


def says_what_follows(page: StepPage) -> bool:
    """Return whether the page states its consequences: lines, form, recipients or a page that lists them."""
    by_form = page.form is not None and page.form.consequences is not StepForm.consequences
    return bool(page.consequences) or page.recipients is not None or by_form or page.template != "dossiers/step.html"


@pytest.mark.parametrize("name", ROWS)
def test_what_must_ask_asks_and_says_what_follows(name):
    pages = TABLES[name].registry
    asking = [slug for slug, reason in ROWS[name].items() if reason]
    assert [slug for slug in asking if not says_what_follows(pages.pages[slug])] == []
    post_only = {route.slug for route in step_routes() if route.pages is pages and route.is_post_only}
    assert post_only.intersection(asking) == set()


def test_what_acts_at_once_says_why():
    """A new address that takes a POST alone is red here until somebody wrote why nobody needs to be asked."""
    lines = AT_ONCE.strip().replace("\n  ", " ").splitlines()
    expected = {name for line in lines for name in line.partition(": ")[2].split()}
    shared = re.compile(
        r"^mission:[a-z-]+?-(?=(?:import-confirm|import-step|import-correct|file-remove|link-remove|private-export)$)"
    )
    found = {shared.sub("register:", name) for name, route in ROUTES.items() if route.post and not route.get}
    assert found == expected
