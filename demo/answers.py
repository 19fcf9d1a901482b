"""The council's answers to AC2-2026-01: eight of ten, one revised, in a sealed table; one is sent back, one late.

Three readers follow two proposals, members rate two answers. The texts are invented.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from answers.cases.actions import cases, deciding, writing
from answers.cases.queries import unpublished_answer
from answers.models import Answer, AnswerCase, AnswerValue, Following, RejectionCategory
from answers.publication import actions as publication
from answers.voice import actions as voice
from assembly.identity.models import User
from assembly.institution.models import Role, RoleAssignment
from demo import sittings
from demo.context import DOMAIN, SLUG, DemoContext, at
from demo.days import paris, retell, story_date
from demo.institution import directorate
from opinions.models import Opinion, Recommendation

V = AnswerValue
# Title → code of the lead directorate, its answer (empty for the one that has none yet).
ANSWERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "Un guichet unique « bien vieillir » dans chaque Maison de proximité": (
        "autonomie",
        {
            "value": V.ACCEPTED_IN_PART,
            "body": "Nous ouvrirons un guichet « bien vieillir » dans les Maisons de proximité qui ont la place de "
            "recevoir. Les agents suivront la personne jusqu’au bout de ses démarches.",
            "retained": "Un guichet dans six des onze Maisons de proximité, dès mars 2027.",
            "left_out": "Les cinq autres Maisons, où aucun bureau n’est libre aujourd’hui.",
            "action": "Former douze agents d’ici à février 2027.",
            "service": "Direction de l’Autonomie",
            "budget_line": "Maisons de proximité, 420 000 € en 2027",
        },
    ),
    "Un bus itinérant des droits dans les cantons ruraux": (
        "mobilites",
        {
            "value": V.ACCEPTED,
            "body": "Un troisième bus des solidarités partira en avril 2027. Il passera dans chaque commune "
            "volontaire des douze cantons sans guichet, à un jour connu d’avance.",
            "action": "Acheter et aménager le bus, puis publier le calendrier des tournées.",
            "service": "Direction des Mobilités",
            "budget_line": "Bus des solidarités, 190 000 € en 2027",
        },
    ),
    "Un transport solidaire d’intérêt départemental": (
        "mobilites",
        {
            "value": V.PASSED_ON,
            "body": "Les transports entre communes relèvent de la Région. Nous lui avons transmis votre proposition "
            "et nous lui demandons de vous répondre avant la fin de l’année.",
            "passed_to": "la Région Occitanie",
            "letter": "lettre du 21 septembre 2026",
        },
    ),
    "Une aide à l’adaptation du logement avant 70 ans": (
        "habitat",
        {
            "value": V.UNDER_STUDY,
            "body": "L’idée est bonne, mais nous ne savons pas encore combien de logements sont concernés. Une étude "
            "est lancée avec l’Anah et trois bailleurs. Nous vous dirons ce qu’elle montre.",
            "review_on": story_date("2027-06-30"),
            "action": "Visiter deux cents logements dans quatre cantons.",
            "service": "Direction de l’Habitat",
        },
    ),
    "Une information facile à lire sur l’allocation personnalisée d’autonomie": (
        "autonomie",
        {
            "value": V.ALREADY_DONE,
            "body": "Le dossier de demande et trois lettres sont réécrits en facile à lire, avec dix habitants. Les "
            "autres lettres suivront en 2027.",
            "done_since": story_date("2026-09-01"),
            "proof": "Le nouveau dossier est remis dans toutes les Maisons de proximité.",
            "service": "Direction de l’Autonomie",
        },
    ),
    "Un observatoire citoyen de l’isolement": (
        "insertion",
        {
            "value": V.ACCEPTED,
            "body": "Nous réunirons deux fois par an, dans chaque territoire, les personnes qui voient l’isolement de "
            "près, et nous publierons ce qu’elles auront repéré.",
        },
    ),
    "Des repas partagés entre générations dans les collèges": (
        "insertion",
        {
            "value": V.ACCEPTED_IN_PART,
            "body": "Huit collèges sont volontaires et ont des places libres. Nous commençons avec eux, et nous "
            "ferons le bilan avec vous à la fin de l’année scolaire.",
            "retained": "Un midi par semaine dans huit collèges, au prix d’un repas d’élève.",
            "left_out": "Le transport aller et retour, que nous ne pouvons pas payer en 2027.",
            "service": "Direction de l’Insertion",
        },
    ),
    "Une charte du répit pour les aidants": (
        "autonomie",
        {
            "value": V.ACCEPTED,
            "body": "Le Conseil a voté la charte du répit. Chaque aidant pourra prendre jusqu’à trois semaines de "
            "répit par an, avec une solution trouvée pour lui.",
            "action": "Ouvrir cent places d’accueil temporaire entre 2027 et 2029.",
            "service": "Direction de l’Autonomie",
            "budget_line": "Aide aux aidants, 1,3 million d’euros par an",
        },
    ),
    "Revaloriser et loger les aides à domicile": (
        "autonomie",
        {
            "value": V.REJECTED,
            "body": "Les salaires des aides à domicile sont fixés par une convention nationale : le Département ne "
            "peut pas les changer. Pour le logement, chaque bailleur choisit ses locataires selon la loi, sans que "
            "nous puissions réserver une part à un métier.",
            "category": RejectionCategory.NOT_OUR_POWER,
        },
    ),
    "Un budget participatif « seniors »": ("finances", {}),
}
# What readers without an account follow; what members rate, by many and by a few.
FOLLOWED: Final = (
    "Un guichet unique « bien vieillir » dans chaque Maison de proximité",
    "Un bus itinérant des droits dans les cantons ruraux",
)
RATED: Final = "Un bus itinérant des droits dans les cantons ruraux"
RATED_BY_FEW: Final = "Une charte du répit pour les aidants"
SENT_BACK: Final = (
    "Un observatoire citoyen de l’isolement",
    "Dites qui anime ces réunions et avec quel budget : sans cela, la réponse promet sans engager.",
)
BY_COUNCIL: Final = ("Une charte du répit pour les aidants", "2026-10-13-D27", story_date("2026-10-13"))
LATE: Final = (
    "Un budget participatif « seniors »",
    story_date("2026-10-31"),
    "Le budget de 2027 se prépare en octobre : la réponse doit venir avant.",
)
REVISED: Final = (
    "Un guichet unique « bien vieillir » dans chaque Maison de proximité",
    "La commission permanente a trouvé des bureaux pour les cinq Maisons qui manquaient.",
    {
        "value": V.ACCEPTED,
        "body": "Les onze Maisons de proximité auront leur guichet « bien vieillir » : six en mars 2027, les cinq "
        "autres en octobre 2027, dans des bureaux loués près d’elles.",
        "action": "Former vingt-deux agents et louer cinq bureaux.",
        "budget_line": "Maisons de proximité, 760 000 € en 2027",
    },
)

FOLLOWERS = ("camille@example.org", "sacha@example.org", "lecture@example.org")


def follow(opinion: Opinion) -> None:
    """Ask to follow on 2 September and confirm it; the last address confirms only one of its two."""
    with at("2026-09-02 18:00"):
        for title in FOLLOWED:
            row = Recommendation.objects.select_related("opinion__term__assembly").get(opinion=opinion, title=title)
            for address in FOLLOWERS:
                voice.ask(row, address, ip="192.0.2.1")
        for demand in Following.objects.exclude(follower__address=FOLLOWERS[-1]):
            voice.confirm_following(demand)
        voice.confirm_following(Following.objects.filter(follower__address=FOLLOWERS[-1]).order_by("pk")[0])


def send_news(day: str) -> None:
    """Send the mails of that day an hour later, after the waiting time of news."""
    with at(paris(day) + timedelta(hours=1)):
        voice.send_proposal_news(timezone.now())


def rate(opinion: Opinion) -> None:
    """Rate two answers on 20 November; the next night ten of twelve ratings are counted, none of three."""
    users = list(
        User.objects.filter(roles__role="member", roles__assembly__slug=SLUG, roles__ended_at=None)
        .order_by("pk")
        .distinct()[:12]
    )
    for title, marks in ((RATED, "443545344532"), (RATED_BY_FEW, "235")):
        case = AnswerCase.objects.of_opinion(opinion).with_dossier().get(recommendation__title=title)
        answer = Answer.objects.standing().get(case=case)
        answer.case = case
        with at("2026-11-20 18:00"):
            for user, mark in zip(users, marks, strict=False):
                voice.rate(answer, clarity=int(mark), fidelity=max(int(mark) - 1, 1), by=user)
    with at("2026-11-21 02:15"):
        voice.count_all(timezone.localdate())


@dataclass(frozen=True)
class AnswerStory:
    """Who acts, and on which opinion; each act loads its case anew, as the pages do."""

    context: DemoContext
    opinion: Opinion

    def case(self, title: str) -> AnswerCase:
        rows = AnswerCase.objects.of_opinion(self.opinion).with_dossier()
        return rows.get(recommendation__title=title)

    def agent(self, code: str, role: Role) -> User:
        assignments = RoleAssignment.objects.filter(directorate=directorate(self.context, code), role=role)
        return User.objects.get(pk=assignments.order_by("pk").values("user")[:1])

    def version(self, title: str) -> int:
        answer = unpublished_answer(self.case(title))
        return answer.version if answer else 0

    def give_visa(self, title: str, content: dict[str, Any]) -> None:
        """Save and submit the answer as the contact, and give the visa of the approver."""
        code = ANSWERS[title][0]
        contact, approver = self.agent(code, Role.DIR_CONTACT), self.agent(code, Role.DIR_APPROVER)
        content = {name: retell(value) if type(value) is str else value for name, value in content.items()}
        writing.save(self.case(title), content, version=self.version(title), by=contact)
        writing.submit(self.case(title), version=self.version(title), by=contact)
        writing.validate(self.case(title), version=self.version(title), by=approver)


def seed(context: DemoContext, opinion: Opinion) -> None:
    """Play 20 July to 18 November; the last day that the council was given is 11 January."""
    story = AnswerStory(context, opinion)
    president = User.objects.get(email=f"{Role.PRESIDENT}{DOMAIN}")
    by_visa = write(story)
    with at("2026-09-28 11:00"):
        pairs = [(story.case(title), story.version(title)) for title in by_visa]
        deciding.decide_all(pairs, by=president)
    publish(story, by_visa)
    decide_in_council(story)
    send_news("2026-10-15 09:00")
    with at("2026-11-02 07:00"):  # what was due on 31 October: the director is notified too
        cases.note_due_answers(timezone.localdate())
    revise(story, president)
    send_news("2026-11-18 09:00")
    rate(opinion)
    with at("2026-11-18 10:00"):
        sittings.make_now(publication.seal(opinion, by=context.lead))
    for kind in ("answer-", "proposal-"):
        sittings.mark_remaining_sent(context, kind)


def write(story: AnswerStory) -> list[str]:
    """Play 20 July to 21 September; return the titles that the president decides by a visa."""
    with at("2026-07-20 10:00"):
        for title, (code, _content) in ANSWERS.items():
            cases.assign(story.case(title), directorate(story.context, code), by=story.context.officer)
    written = [title for title, (_code, content) in ANSWERS.items() if content]
    for day, title in enumerate(written, start=7):
        with at(f"2026-09-{day:02} 14:00"):
            story.give_visa(title, ANSWERS[title][1])
    with at("2026-09-17 09:30"):
        title, due_on, reason = LATE
        cases.change_due(story.case(title), due_on, reason=retell(reason), by=story.context.officer)
    with at("2026-09-21 18:00"):
        title, reason = SENT_BACK
        writing.send_back(story.case(title), step_name="send_back", reason=reason, by=story.context.chair)
    return [title for title in written if title not in {SENT_BACK[0], BY_COUNCIL[0]}]


def publish(story: AnswerStory, titles: list[str]) -> None:
    """Publish on 1 October and notify those who follow since September."""
    follow(story.opinion)
    with at("2026-10-01 09:00"):
        deciding.publish_all([story.case(title) for title in titles], by=story.context.lead)
    send_news("2026-10-01 09:00")


def decide_in_council(story: AnswerStory) -> None:
    """Record the council's decision of 13 October and publish it on 15 October."""
    title, reference, day = BY_COUNCIL
    with at("2026-10-14 09:00"):
        deciding.record_decision([story.case(title)], on=day, reference=retell(reference), by=story.context.lead)
    with at("2026-10-15 09:00"):
        deciding.publish(story.case(title), by=story.context.lead)


def revise(story: AnswerStory, president: User) -> None:
    """Revise an answer between 4 and 18 November; the former one stays readable."""
    title, reason, content = REVISED
    with at("2026-11-04 09:00"):
        deciding.revise(story.case(title), reason=reason, by=story.context.lead)
    with at("2026-11-06 15:00"):
        story.give_visa(title, content)
    with at("2026-11-16 17:00"):
        deciding.decide(story.case(title), version=story.version(title), by=president)
    with at("2026-11-18 09:00"):
        deciding.publish(story.case(title), by=story.context.lead)
