"""Ten items typed by hand, two paused feeds (nothing is fetched: the demonstration has no network), two letters."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from demo.context import DemoContext, at
from demo.days import retell, story_date
from mission.registers.actions import create
from mission.watch import actions as watch, rules
from mission.watch.mails import composed_text
from mission.watch.models import WatchItem, WatchState
from mission.watch.register import DIGESTS, ITEMS, SOURCES

SOURCES_PAUSED = [
    (
        "Banque des Territoires, vie locale",
        "https://exemple.fr/vie-locale.xml",
        "territorial",
        ["participation"],
    ),
    ("Commission nationale du débat public", "https://exemple.fr/debat-public.xml", "legal", ["débat public"]),
]
# Moment, title, nature, territory, topics, interest, link, summary, due day, steps taken since.
ITEM_ROWS: Sequence[tuple[str, str, str, str, list[str], str, str, str, date | None, str]] = [
    (
        "2026-09-08 10:10",
        "Poitiers : dédommager des citoyens tirés au sort est jugé possible",
        *("legal", "Poitiers", ["indemnisation", "tirage au sort"], "1"),
        "https://ballastconseil.eu/participation-citoyenne-une-nouvelle-avancee",
        "Le tribunal administratif admet le remboursement des frais et, sous condition de ressources, une somme"
        " par séance, au titre des collaborateurs occasionnels. Trois conditions : intérêt local,"
        " participation diverse, égalité. À rapprocher de notre barème.",
        *(None, "retain"),
    ),
    (
        "2026-09-15 11:00",
        "Gers : la commission consultative citoyenne se renouvelle",
        *("territorial", "Gers", ["tirage au sort", "renouvellement"], "1"),
        "https://taipan.fr/le-gers-cree-une-commission-consultative-citoyenne-pour-impliquer-ladepeche-fr/",
        "68 membres, quatre par canton, parité, une personne par tranche d’âge ; recrutement sur les marchés.",
        *(None, "retain"),
    ),
    (
        "2026-09-22 09:30",
        "RGAA : ce que change la version 4.1.2 pour nos documents",
        *("legal", "", ["accessibilité"], "2"),
        "https://github.com/accessibility-luxembourg/RGAA",
        "Les critères sur les fichiers à télécharger sont précisés. À vérifier pour les PDF de l’assemblée.",
        *(None, "retain"),
    ),
    (
        "2026-10-02 14:00",
        "Rencontres européennes de la participation",
        *("event", "Rennes", ["réseau"], "1"),
        "https://exemple.fr/rencontres",
        "Trois jours d’ateliers ; une session sur les assemblées départementales. Deux places demandées.",
        *(story_date("2026-12-09"), "retain"),
    ),
    (
        "2026-10-06 16:20",
        "Décider ensemble : baromètre de la démocratie participative locale",
        *("territorial", "France", ["évaluation"], "2"),
        "https://www.banquedesterritoires.fr/barometre-de-decider-ensemble",
        "La consultation des citoyens mène rarement à une co-production. Questions à reprendre dans notre évaluation.",
        *(None, "retain"),
    ),
    (
        "2026-10-13 09:00",
        "Associer le public hors procédures particulières : l’article L. 131-1",
        *("legal", "", ["cadre juridique"], "2"),
        "https://outil2amenagement.cerema.fr/outils/lassociation-du-public-ladministration-hors-dispositions-specifiques",
        "Rendre publiques les modalités, informer, laisser un délai raisonnable, publier les suites.",
        *(None, "read"),
    ),
    (
        "2026-10-20 10:45",
        "Lot-et-Garonne : un an de budget participatif et de commission citoyenne",
        *("territorial", "Lot-et-Garonne", ["budget participatif"], "2"),
        *("", "Retour d’expérience par téléphone avec la chargée de mission ; note au dossier.", None, "retain"),
    ),
    (
        "2026-11-03 15:10",
        "ICPC : les assemblées citoyennes permanentes en France",
        *("territorial", "France", ["assemblée citoyenne"], "1"),
        "https://i-cpc.org/?p=36747",
        "Une définition commune et un recensement qui cite la Haute-Garonne.",
        *(None, "retain"),
    ),
    (
        "2026-11-12 09:15",
        "Webinaire de la CNDP : garantir la neutralité d’une animation",
        *("event", "en ligne", ["animation"], "2"),
        *("", "Deux heures, gratuit, sur inscription.", story_date("2026-12-03"), ""),
    ),
    (
        "2026-11-19 17:30",
        "Ostbelgien : le conseil citoyen permanent revoit son calendrier",
        *("territorial", "Belgique", ["droit de suite"], "3"),
        *("", "Chaque recommandation est suivie un an après ; à comparer à notre suivi des réponses.", None, ""),
    ),
]


def seed(context: DemoContext) -> None:
    """Create the items of autumn, one letter that left in October, one that is being prepared."""
    officer, term = context.officer, context.term
    with at("2026-09-01 09:00"):
        for name, address, kind, topics in SOURCES_PAUSED:
            values = {"name": name, "kind": "feed", "address": address, "item_kind": kind, "topics": topics}
            source = create(SOURCES, term, by=officer, values=values)
            SOURCES.workflow.transition(source, "pause", by=officer)
        watch.add_reader(context.assembly.pk, user=context.lead, directorate=None, by=officer)
        watch.add_reader(context.assembly.pk, user=officer, directorate=None, by=officer)
    for row in ITEM_ROWS[:6]:
        note(context, *row)
    with at("2026-10-30 11:00"):
        letter = compose(context, "Veille, octobre 2026")
        DIGESTS.workflow.transition(letter, "send", by=context.lead)
    for row in ITEM_ROWS[6:]:
        note(context, *row)
    with at("2026-11-24 16:00"):
        compose(context, "Veille, novembre 2026")


def note(context: DemoContext, moment: str, name: str, kind: str, territory: str, *more: Any) -> None:
    """Enter one item and take the step that followed."""
    topics, relevance, link, summary, due_on, step = more
    with at(moment) as now:
        values = {
            "name": name,
            "kind": kind,
            "territory": territory,
            "topics": topics,
            "relevance": relevance,
            "link": link,
            "summary": summary,
            "due_on": due_on,
            "published_on": timezone.localdate(now),
            "owner": context.officer,
            "address_key": rules.address_key(link),
            "title_key": rules.title_key(name),
        }
        item = create(ITEMS, context.term, by=context.officer, values=values)
        if step:
            ITEMS.workflow.transition(item, step, by=context.officer)


def compose(context: DemoContext, name: str) -> Any:
    items = WatchItem.objects.filter(assembly=context.assembly, state=WatchState.RETAINED).select_related("source")
    values = {"name": retell(name), "body": composed_text(items), "owner": context.officer}
    return create(DIGESTS, context.term, by=context.officer, values=values)
