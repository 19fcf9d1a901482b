"""What becomes of the answers: one measure done, one delayed, three under way, one without an update in time.

The first progress report, `AC2-BILAN-01`, ends it. The texts are invented, the photo is a drawing.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final

from django.utils import timezone
from PIL import Image, ImageDraw

from answers.follow_up import actions
from answers.follow_up.queries import standing_milestones
from answers.follow_up.rules import MilestoneContent, UpdateContent
from answers.models import FollowUp, FollowUpState, PhotoConsent
from answers.progress import actions as progress_actions
from assembly.documents.actions.uploads import accept_upload
from assembly.documents.models import Upload
from assembly.files.fields import check_file
from assembly.identity.models import User
from assembly.institution.actions.assemblies import change_term
from assembly.institution.models import Role
from demo import answers, sittings
from demo.answers import ANSWERS, AnswerStory
from demo.context import DOMAIN, DemoContext, at
from demo.days import retell, story_date
from opinions.models import Opinion

CAPTION: Final = (
    "Une table du collège de Muret, vue d’en haut : six élèves et deux voisins de plus de 70 ans déjeunent."
)
SMOOTH: Final = 3  # drawing scale before the reduction: Pillow has no soft edges
WIDTH, HEIGHT, TABLE = 1200, 720, (140, 210, 1060, 510)
FLOOR, WOOD, PLATE, SOUP = "#E8E2D6", "#B98A5A", "#FCFAF6", "#D98E3F"
YOUNG, OLD = ("#3B2A20", "#7A4A24", "#1D1B22"), "#D9D6D0"
COATS = ("#4B2A7B", "#2F6F73", "#A23B3B", "#3E5C9A", "#7A8B3C", "#C77B30", "#5E4B8B", "#2D7D46")


def draw_photo() -> bytes:
    """Draw the picture and return it as a PNG."""
    image = Image.new("RGB", (WIDTH * SMOOTH, HEIGHT * SMOOTH), FLOOR)
    pen = ImageDraw.Draw(image)

    def spot(x: float, y: float, across: float, down: float, colour: str) -> None:
        box = (x - across, y - down, x + across, y + down)
        pen.ellipse([side * SMOOTH for side in box], fill=colour)

    pen.rounded_rectangle([side * SMOOTH for side in TABLE], 30 * SMOOTH, fill=WOOD)
    left, top, right, bottom = TABLE
    for number in range(8):
        x = left + (right - left) * (number % 4 + 0.5) / 4
        edge, outwards = (top, -1) if number < 4 else (bottom, 1)
        spot(x, edge + 62 * outwards, 78, 46, COATS[number])
        spot(x, edge + 56 * outwards, 38, 38, OLD if number in {1, 6} else YOUNG[number % 3])
        spot(x, edge - 62 * outwards, 50, 50, PLATE)
        spot(x, edge - 62 * outwards, 32, 32, SOUP)
    target = BytesIO()
    image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(target, "PNG")
    return target.getvalue()


S = FollowUpState
BUS = "Un bus itinérant des droits dans les cantons ruraux"
MEALS = "Des repas partagés entre générations dans les collèges"
RESPITE = "Une charte du répit pour les aidants"
HOUSING = "Une aide à l’adaptation du logement avant 70 ans"
COUNTER = "Un guichet unique « bien vieillir » dans chaque Maison de proximité"
# It has no update: one was due on 1 November, and the mission asked for it.
SILENT = "Un transport solidaire d’intérêt départemental"

RHYTHM = "2026-11-02 09:00"  # from then on, an update every three months
# Moment, title, update of the contact; `seen` (in `follow_up.publish_updates`) counts the updates before it.
UPDATES: Final[list[tuple[str, str, dict[str, Any]]]] = [
    (
        "2026-10-16 10:00",
        MEALS,
        {
            "state": S.IN_PROGRESS,
            "text": "Les huit collèges ont choisi leur jour, et les mairies ont prévenu les plus de 70 ans.",
            "added": ("Les huit collèges ouvrent leur table", story_date("2026-11-03")),
        },
    ),
    (
        "2026-10-20 10:00",
        BUS,
        {
            "state": S.IN_PROGRESS,
            "text": "Le marché du bus est publié. Quarante-deux communes veulent le recevoir.",
            "added": ("Le bus est livré", story_date("2027-02-15")),
        },
    ),
    (
        "2026-10-27 15:00",
        RESPITE,
        {
            "state": S.IN_PROGRESS,
            "text": "Douze établissements proposent des places. Nous les visitons avec deux associations d’aidants.",
            "added": ("Les établissements sont choisis", story_date("2026-11-20")),
        },
    ),
    (
        "2026-10-30 11:00",
        COUNTER,
        {
            "state": S.IN_PROGRESS,
            "text": "Dix agents sur vingt-deux sont formés. Le bureau de Muret est prêt.",
            "added": ("Six guichets sont ouverts", story_date("2027-03-01")),
        },
    ),
    (
        "2026-11-05 09:00",
        HOUSING,
        {
            "state": S.IN_PROGRESS,
            "text": "Soixante logements sur deux cents sont visités. Un sur trois demande une douche sans marche.",
            "added": ("Les deux cents visites sont faites", story_date("2027-03-31")),
        },
    ),
    (
        "2026-11-09 14:00",
        MEALS,
        {
            "state": S.DONE,
            "text": "Les huit collèges servent ce repas chaque semaine depuis le 3 novembre : 61 convives.",
            "link": "https://www.example.org/repas-partages",
            "photo_description": CAPTION,
            "consent": PhotoConsent.GIVEN,
            "consent_on": story_date("2026-11-06"),
            "reached": {1: story_date("2026-11-03")},
        },
    ),
    (
        "2026-11-17 16:00",
        BUS,
        {
            "state": S.DELAYED,
            "text": "Un seul constructeur a répondu, et il livre en mai. Les tournées commenceront en juin.",
        },
    ),
    (
        "2026-11-20 09:00",
        COUNTER,
        {"state": S.IN_PROGRESS, "text": "Seize agents sont formés. Les cinq bureaux à louer sont trouvés."},
    ),
    (
        "2026-11-23 10:00",
        RESPITE,
        {
            "state": S.IN_PROGRESS,
            "text": "Neuf établissements sont choisis, dans six territoires sur huit. Nous cherchons encore.",
            "reached": {1: story_date("2026-11-20")},
            "added": ("Les trente premières places ouvrent", story_date("2027-03-01")),
        },
    ),
]
MOVED: Final = ("Le bus est livré", story_date("2027-05-10"), "Le seul constructeur qui a répondu livre en mai.")
REMARK: Final = "Nous lisons « cherchons encore » : le comité voudrait savoir d’ici à janvier où en est le Volvestre."
HEARING: Final = (
    "Service des achats",
    "Pourquoi un seul constructeur a-t-il répondu, et que change le passage de février à mai ?",
    "Le comité de suivi, six membres, avec la directrice des Mobilités",
    "Trois constructeurs ont retiré le dossier, deux ne livrent plus de bus de cette taille. Le prix ne change pas. "
    "Un bus sera prêté en avril pour les quatre communes les plus éloignées.",
)


def seed(context: DemoContext, opinion: Opinion) -> None:
    """Play 16 October to 24 November; after the first updates, due within a month, they are due every three months."""
    story = AnswerStory(context, opinion)
    publish_updates(story, [row for row in UPDATES if row[0] < RHYTHM])
    with at(RHYTHM):
        change_term(context.term, {"follow_up_months": 3}, by=context.lead)
    publish_updates(story, [row for row in UPDATES if row[0] > RHYTHM])
    with at("2026-11-12 11:00"):
        actions.close_as_done(follow_up_of(story, MEALS), by=context.lead)
    with at("2026-11-17 16:10"):
        move_the_bus(story)
    with at("2026-11-24 09:00"):
        actions.ask(follow_up_of(story, SILENT), by=context.officer)
    speak(story)
    sittings.mark_remaining_sent(context, "follow-up-")


def publish_updates(story: AnswerStory, updates: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
    for moment, title, content in updates:
        row = follow_up_of(story, title)
        contact = story.agent(ANSWERS[title][0], Role.DIR_CONTACT)
        with at(moment):
            photo = keep_photo(contact) if "photo_description" in content else None
            actions.publish_update(
                row,
                UpdateContent(**content | {"text": retell(content["text"])}, photo=photo),
                seen=row.updates.count(),
                by=contact,
            )


def keep_photo(by: User) -> Upload:
    return accept_upload(check_file("Repas partagé.png", draw_photo(), kinds=("image",), max_size=1_000_000), by=by)


def speak(story: AnswerStory) -> None:
    """Play the follow-up committee, where the demonstration’s « membre » sits."""
    member, officer = User.objects.get(email=f"{Role.MEMBER}{DOMAIN}"), story.context.officer
    service, question, who, answer = HEARING
    with at("2026-11-18 18:00"):
        hearing = actions.ask_hearing(follow_up_of(story, BUS), service=service, question=retell(question), by=member)
    with at("2026-11-24 17:00"):
        day = timezone.localdate()
        actions.record_heard(
            follow_up_of(story, BUS), hearing.pk, on=day, heard_by=who, summary=retell(answer), by=officer
        )
    with at("2026-11-24 20:00"):
        actions.note_remark(follow_up_of(story, RESPITE), retell(REMARK), by=member)


def follow_up_of(story: AnswerStory, title: str) -> FollowUp:
    return FollowUp.objects.with_dossier().get(case=story.case(title))


def move_the_bus(story: AnswerStory) -> None:
    """Change a promised day; the one that was promised first stays readable."""
    label, on, reason = MOVED
    row = follow_up_of(story, BUS)
    milestone = next(milestone for milestone in standing_milestones(row) if milestone.label == label)
    content = MilestoneContent(milestone.number, milestone.version, label, on, None, is_dropped=False)
    actions.change_milestones(row, [content], reason=retell(reason), by=story.agent(ANSWERS[BUS][0], Role.DIR_CONTACT))


ENDS_ON: Final = story_date("2026-11-24")
INTRODUCTION: Final = (
    "Le Conseil départemental a publié ses premières réponses à l’avis « Bien vieillir » le 1er octobre 2026. "
    "Ce premier bilan vient plus tôt que les suivants : l’assemblée voulait le lire avant sa plénière de décembre.\n\n"
    "Les repas partagés ont commencé dans huit collèges. Le bus des droits arrivera trois mois plus tard que promis. "
    "Une direction n’a encore rien dit : la mission le lui a demandé.\n\n"
    "Le prochain bilan est attendu en mai 2027."
)


def publish_progress_report(context: DemoContext) -> None:
    """Play 23 and 24 November; whoever follows a proposal is notified."""
    with at("2026-11-23 15:00"):
        report = progress_actions.begin(context.term, ends_on=ENDS_ON, by=context.officer)
        progress_actions.edit(
            report, ends_on=ENDS_ON, introduction=retell(INTRODUCTION), version=0, by=context.officer
        )
    with at("2026-11-24 18:00"):
        sittings.make_now(progress_actions.seal(report, version=report.version, by=context.lead))
    answers.send_news("2026-11-24 18:00")
    sittings.mark_remaining_sent(context, "proposal-")
