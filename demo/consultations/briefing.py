"""The pack of « Bien vieillir » and its hearings: what members read, whom they heard, where they went."""

from datetime import date
from typing import Any

from assembly.documents.actions.uploads import accept_upload
from assembly.files.fields import CheckedFile, check_file
from assembly.files.file_kinds import KINDS
from consultations.briefing import actions as briefing
from consultations.briefing.models import BriefingKind, LanguageLevel
from consultations.hearings import actions as hearings
from consultations.hearings.models import GuestKind, HearingKind
from consultations.hearings.workflow import HEARING
from consultations.models import CHECKS, Hearing, Referral, ScopingNote
from demo.clock import at, paris
from demo.context import DemoContext

INTRODUCTION = (
    "Commencez par « L’essentiel en facile à lire » : une page. Lisez ensuite la note de cadrage, où chaque "
    "direction dit ce que le Département peut faire. Le reste est là pour les groupes qui veulent aller plus loin."
)
EASY = (
    "Bien vieillir en Haute-Garonne : l’essentiel.\n\nBeaucoup de personnes ont plus de 60 ans.\nElles seront encore "
    "plus nombreuses en 2030.\n\nLa plupart veulent rester chez elles.\nPour cela, il faut de l’aide.\n\nIl manque "
    "des personnes pour aider.\n\nLe Département peut aider.\nIl vous demande votre avis.\n"
)
FIGURES = (
    "Canton;Part des plus de 60 ans en 2030 (%)\nBagnères-de-Luchon;41\nRevel;33\nCazères;31\nAuterive;27\n"
    "Castelginest;22\nToulouse-1;18\n"
)
PAPERS = (
    ("L’essentiel en facile à lire", "Ce que l’assemblée doit savoir pour commencer, en phrases courtes.",
     BriefingKind.STUDY, "Mission dialogue citoyen", date(2026, 1, 19), LanguageLevel.EASY_READ, EASY, ""),
    ("Population de plus de 60 ans, canton par canton", "Où vivent les personnes âgées, et où elles seront en 2030.",
     BriefingKind.FIGURES, "Direction de l’Autonomie, d’après l’Insee", date(2025, 12, 1), LanguageLevel.STANDARD,
     FIGURES, ""),
    ("Qui décide de quoi pour les personnes âgées", "Ce qui revient au Département, à l’État, aux communes.",
     BriefingKind.LAW, "Service public", date(2025, 9, 1), LanguageLevel.STANDARD, "",
     "https://www.pour-les-personnes-agees.gouv.fr/"),
)  # fmt: skip
# Moment, title, place, group, people (name, capacity, kind, public), report.
E, X, W = GuestKind.ELECTED, GuestKind.EXPERT, GuestKind.WITNESS
HEARD: tuple[tuple[str, str, str, str, tuple[tuple[str, str, str, bool], ...], str], ...] = (
    ("2026-02-04 18:00", "Audition d’une gériatre et d’un service d’aide à domicile", "Hôtel du Département",
     "prevention", (("Anne Pujol", "gériatre au CHU", X, True), ("Régis Lacombe", "aide à domicile", W, False)),
     "<p>On repère trop tard. <strong>Six chutes sur dix</strong> arrivent à domicile.</p><ul><li>Former les "
     "facteurs et les pharmaciens à donner l’alerte</li><li>Un numéro unique</li></ul>"),
    ("2026-02-18 18:00", "Audition du collectif des aidants", "Maison des solidarités de Muret", "aidants",
     (("Solveig Bonnet", "présidente du collectif", X, True), ("Malika Ortiz", "aidante de sa mère", W, False)),
     "<p>Les aidants demandent d’abord du répit, puis qu’on leur parle en clair.</p>"),
    ("2026-03-04 18:00", "Audition de trois maires de montagne", "Mairie de Saint-Béat", "se-deplacer",
     (("Jean Estrade", "maire", E, True), ("Luce Fourcade", "maire", E, True), ("Paul Ader", "maire", E, True)),
     "<p>Le transport à la demande s’arrête à 17 heures. Les médecins aussi.</p>"),
)  # fmt: skip
VISIT = ("2026-03-18 14:00", "Visite d’un habitat partagé à Revel", "Revel", "habiter")
COMING = (
    ("2026-12-09 18:00", "Audition d’une économiste du grand âge", "Hôtel du Département", "vieillir-2050"),
    ("2026-12-16 18:00", "Audition de la Caf et de la Carsat", "Hôtel du Département", "lien-social"),
)


def seed(context: DemoContext) -> None:
    referral = Referral.objects.get(term=context.term, reference="S-2025-01")
    add_papers(context, referral)
    with at("2026-01-24 09:00"):
        briefing.release(referral, by=context.officer)
    record_hearings(context, referral)
    plan_coming_hearings(context, referral)
    add_recent_paper(context, referral)


def add_papers(context: DemoContext, referral: Referral) -> None:
    """Add three papers and, when it is written, the scoping note."""
    ticked = dict.fromkeys((name for name, _label in CHECKS), True)
    with at("2026-01-20 10:00"):
        briefing.introduce(referral, INTRODUCTION, by=context.officer)
        for title, summary, kind, source, day, level, content, link in PAPERS:
            briefing.add(
                referral, by=context.officer, file=file_of(title, content), link=link, title=title, summary=summary,
                kind=kind, source=source, dated_on=day, level=level, checks=ticked if content else {}, is_public=True,
            )  # fmt: skip
        if ScopingNote.objects.filter(referral=referral).exclude(body="").exists():
            briefing.add_scoping_note(referral, by=context.officer)


def file_of(title: str, content: str) -> CheckedFile | None:
    return check_file(f"{title}.txt", content.encode(), kinds=tuple(KINDS), max_size=1_000_000) if content else None


def record_hearings(context: DemoContext, referral: Referral) -> None:
    """Record the hearings that were held, with their report, and the visit."""
    for moment, title, place, group, people, report in HEARD:
        hearing = plan_hearing(context, referral, (moment, title, place, group))
        record_hearing(context, hearing, moment, people, report)
    visit = plan_hearing(context, referral, VISIT, kind=HearingKind.SITE_VISIT)
    record_hearing(context, visit, VISIT[0], (("Claire Serres", "directrice de la maison", X, True),), "")


def plan_hearing(context: DemoContext, referral: Referral, row: tuple[str, str, str, str], **facts: Any) -> Hearing:
    moment, title, place, group = row
    with at("2026-01-28 11:00" if moment < "2026-11" else "2026-11-20 11:00"):
        return hearings.plan(
            referral, by=context.officer, title=title, place=place, committee=context.committees[group],
            starts_at=paris(moment), **facts,
        )  # fmt: skip


def record_hearing(context: DemoContext, hearing: Hearing, moment: str, people: Any, report: str) -> None:
    """Record guests, result and report on the evening of that day."""
    with at(f"{moment[:10]} 21:00"):
        for name, capacity, kind, public in people:
            hearings.add_guest(hearing, by=context.officer, name=name, capacity=capacity, kind=kind, is_public=public)
        HEARING.transition(hearing, "hold", by=context.officer)
        if report:
            hearings.write_report(hearing, report, version=0, by=context.officer)


def plan_coming_hearings(context: DemoContext, referral: Referral) -> None:
    for facts in COMING:
        plan_hearing(context, referral, facts)


def add_recent_paper(context: DemoContext, referral: Referral) -> None:
    """Add a paper of last week, shown as « nouveau depuis… »."""
    with at("2026-11-19 17:00"):
        upload = accept_upload(
            check_file("Réponses du Conseil.txt", "Ce que le Conseil a répondu au premier avis.\n".encode(),
                  kinds=tuple(KINDS), max_size=1_000_000),
            by=context.officer,
        )  # fmt: skip
        briefing.add(
            referral, by=context.officer, file=upload, title="Premières réponses du Conseil au premier avis",
            summary="Ce qui est retenu, ce qui est étudié, ce qui ne l’est pas.", kind=BriefingKind.OTHER,
            source="Conseil départemental", dated_on=date(2026, 11, 16), level=LanguageLevel.STANDARD,
            checks={"contrast": True},
        )  # fmt: skip
    with at("2026-11-20 08:05") as now:
        briefing.send_document_news(now)
