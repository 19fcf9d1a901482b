"""AC2-2026-01 « Bien vieillir »: written, read, amended, voted (`sittings.plenaries`), handed over (`sealing`).

AS-2026-01 « Accès aux soins »: the plan exists, two groups are writing.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from assembly.collab.actions import texts
from assembly.collab.document import grammar, writing
from assembly.collab.document.plain_text import alineas
from assembly.identity.models import User
from assembly.institution.models import CommitteeMembership
from assembly.notifications.models import Distribution
from consultations.models import Referral
from consultations.referrals.workflow.by_origin import REFERRAL
from demo import sittings
from demo.committee_meetings import EVENINGS
from demo.context import QUESTION_TITLE, DemoContext, at
from demo.days import retell, story_date
from demo.institution import directorate, directorate_staff
from demo.opinion_texts import AMENDMENTS, EASY_READ, MINORITY, NOTES, SECTIONS, TWICE, Section
from demo.self_referrals import CARE
from opinions.adoption.actions import handover, positions, voting
from opinions.adoption.models import RankingMode
from opinions.adoption.workflow import POSITION
from opinions.amending.changes import Operation
from opinions.amendments import actions as amendments
from opinions.amendments.queries import base_version, full
from opinions.amendments.workflow import AMENDMENT
from opinions.checks import actions as checks
from opinions.checks.workflow import CHECK
from opinions.models import Amendment, Opinion, OpinionSection, OpinionVisaCapacity, Recommendation, ServicesRequest
from opinions.opinions import actions
from opinions.opinions.queries import LABEL
from opinions.opinions.rules import Votes
from opinions.papers import actions as papers
from opinions.sections import actions as sections
from opinions.versions import actions as versions
from sessions.agenda import actions as agenda
from sessions.decisions.rules import Count
from sessions.models import AgendaItem, Ballot, Sitting

PROMPTS = ("problem", "proposal", "audience", "decider", "means", "measure")
IN_TIME, LATE = ("2026-05-18 15:00", "2026-05-20 10:00"), ("2026-05-27 11:00", "2026-05-28 09:00")
COUNTERS: dict[str, Any] = {
    "first_counter": "Nadia Fauré",
    "second_counter": "Pierrick Tournier",
    "gap_confirmed": True,
}


def reload(opinion: Opinion) -> Opinion:
    """Load the row as the pages do."""
    rows = Opinion.objects.select_related(
        "term__assembly",
        "referral__term",
        "officer__person",
        "text",
        "rapporteur",
        "ballot__agenda_item__sitting__term",
        "agenda_item__sitting__term",
        "tabled_sitting__term",
    )
    return rows.get(pk=opinion.pk)


def write_texts(context: DemoContext) -> Opinion:
    """Write it from January to May 2026: the plan, six texts by several people, the groups' validation."""
    referral = Referral.objects.select_related("term__assembly").get(term=context.term, title=QUESTION_TITLE)
    with at("2026-01-27 10:00"):
        opinion = actions.create(referral, title="Bien vieillir en Haute-Garonne", by=context.officer)
        for position, (slug, _seen, _sheets) in enumerate(SECTIONS, start=1):
            OpinionSection.objects.filter(opinion=opinion, committee__slug=slug).update(position=position)
        actions.edit(opinion, rapporteur=member_user(context, 5).person, by=context.officer)
    with at("2026-01-29 14:00"):
        actions.open_texts(opinion, by=context.officer)
    by_slug = {row.committee.slug: row for row in sections_of(opinion) if row.committee}
    for section in SECTIONS:
        write_section(context, by_slug[section[0]], section)
    for rank, row in enumerate(sections_of(opinion)):
        row.opinion = opinion
        votes = Votes(12 + rank, 1, 2) if rank % 2 else None
        day = EVENINGS[row.committee.slug if row.committee else ""][2]
        with at(f"{day} 20:40"):
            sections.validate(row, on=story_date(day), votes=votes, by=context.officer)
    return reload(opinion)


def sections_of(opinion: Opinion) -> list[OpinionSection]:
    rows = OpinionSection.objects.filter(opinion=opinion).select_related("committee", "text", "lead", "rapporteur")
    return list(rows.order_by("position"))


def member_user(context: DemoContext, rank: int) -> User:
    return context.users[f"member{rank}"]


def writers(context: DemoContext, section: OpinionSection) -> list[User]:
    """List the members of the group who have an account, else the officer."""
    seats = set(CommitteeMembership.objects.filter(committee=section.committee).values_list("person", flat=True))
    users = [user for name, user in context.users.items() if name.startswith("member") and user.person_id in seats]
    return users or [context.officer]


def write_section(context: DemoContext, section: OpinionSection, content: Section) -> None:
    """Write the text on two evenings of the group: what was seen and a first proposal, then all of them."""
    if section.text is None:
        raise LookupError(f"the section {section.title!r} has no text")
    hands = writers(context, section)
    first, second, _agreement = EVENINGS[content[0]]
    for evening, (hand, day) in enumerate(((hands[0], first), (hands[-1], second))):
        tree = section_tree(content, until=1 if evening == 0 else None)
        with at(f"{day} 19:10"):
            texts.edit(section.text, writer_of(tree), by=hand)


def writer_of(tree: dict[str, Any]) -> Any:
    return lambda doc: writing.replace_all(doc, tree)


def section_tree(content: Section, *, until: int | None) -> dict[str, Any]:
    """Build the text of a group, with its first recommendations or all; node ids stay the same each evening."""
    slug, seen, recommendations = content
    sheets = [
        grammar.recommendation(title, dict(zip(PROMPTS, map(retell, answers), strict=False)), id=node_id(slug, rank))
        for rank, (title, *answers) in enumerate(recommendations)
    ]
    return grammar.tree_document(
        grammar.heading("Ce que nous avons constaté"),
        *(grammar.paragraph(line) for line in seen),
        grammar.heading("Ce que nous proposons"),
        *sheets[:until],
    )


def node_id(slug: str, rank: int) -> str:
    """Return the same node id in each build of the demonstration."""
    groups = [name for name, *_rest in SECTIONS]
    return f"5a1e0b2c-0000-4000-8000-{groups.index(slug):06d}{rank:06d}"


def themes() -> dict[str, str]:
    return {row[0]: row[7] for _slug, _seen, recommendations in SECTIONS for row in recommendations}


def read_by_services(context: DemoContext, opinion: Opinion) -> None:
    """Ask five directorates: four give notes, one of them late; the fifth does not and is closed at the tabling."""
    people = directorate_staff(context)
    codes = [*NOTES, "finances"]
    with at("2026-05-04 09:30"):
        named = [directorate(context, code) for code in codes]
        checks.ask(opinion, named, due_on=story_date("2026-05-22"), by=context.officer)
    rows = list(Recommendation.objects.filter(opinion=opinion).order_by("number"))
    for code, notes in NOTES.items():
        contact, approver = people[code]
        submitted_at, validated_at = LATE if code == "insertion" else IN_TIME
        request = ServicesRequest.objects.select_related("opinion__term").get(opinion=opinion, directorate__code=code)
        with at(submitted_at):
            for row in rows:
                checks.save(request, row, note_values(notes.get(themes()[row.title])), version=0, by=contact)
            CHECK.transition(request, "submit", by=contact)
        with at(validated_at):
            CHECK.transition(request, "validate", by=approver)


def note_values(note: tuple[str, ...] | None) -> dict[str, Any]:
    """Return the fields of one note; « not concerned » when the directorate gave none."""
    if note is None:
        return {"is_concerned": False}
    names = ("competence", "feasibility", "existing_scheme", "cost", "body")
    return {"is_concerned": True, **dict(zip(names, note, strict=True))}


def consolidate(context: DemoContext, opinion: Opinion) -> Opinion:
    """Consolidate one text of ten recommendations, after the merge of one that was said twice."""
    with at("2026-05-29 10:00"):
        versions.consolidate(opinion, by=context.officer)
    opinion = reload(opinion)
    rows = {row.title: row for row in Recommendation.objects.filter(opinion=opinion).select_related("opinion__term")}
    with at("2026-06-02 11:00"):
        values = {row.pk: {"theme": themes()[title]} for title, row in rows.items()}
        versions.save(opinion, values, version=opinion.version, by=context.officer)
        source, target = rows[TWICE[0]], rows[TWICE[1]]
        source.opinion = opinion
        versions.merge(source, target, version=opinion.version, by=context.officer)
    return reload(opinion)


def put_on_agenda(context: DemoContext, opinion: Opinion, sitting: Sitting) -> Ballot:
    """Table it with its vote on 12 June, an hour before the notice; amendments are open until four days before."""
    item = sitting.agenda.select_related("sitting__term").get(removed_at=None, title__startswith="Vote")
    with at("2026-06-12 09:30"):
        agenda.change(item, by=context.officer, topic_type=LABEL, topic_id=str(opinion.pk))
        voting.table(opinion, Sitting.objects.select_related("term").get(pk=sitting.pk), by=context.officer)
    opinion = reload(opinion)
    if opinion.ballot is None:
        raise LookupError("the vote on the opinion is not prepared")
    return opinion.ballot


def propose_amendments(context: DemoContext, opinion: Opinion) -> None:
    """Submit four amendments, all found admissible; the last is taken back before the sitting."""
    opinion = reload(opinion)
    drafts = []
    for rank, (who, title, quote, new, why) in enumerate(AMENDMENTS):
        line = line_number(opinion, title, quote)
        values: dict[str, Any] = {
            "operation": Operation.REPLACE,
            "alinea_from": line,
            "alinea_to": line,
            "quote": quote,
        }
        with at(f"2026-06-{15 + rank} 20:10"):
            draft = amendments.save(opinion, by=member_user(context, who), typed=new, reason=why, **values)
            if draft is None:
                raise LookupError(f"the amendment on {title!r} was not kept")
            amendments.submit(reload_amendment(draft), by=member_user(context, who))
        drafts.append(draft)
    with at("2026-06-22 09:00"):
        for draft in drafts:
            AMENDMENT.transition(reload_amendment(draft), "admit", by=context.officer)
    with at("2026-06-24 19:00"):
        amendments.give_view(
            reload_amendment(drafts[0]),
            stance="favourable",
            text="Les aidants l’ont demandé.",
            by=member_user(context, 5),
        )
        amendments.give_view(
            reload_amendment(drafts[2]), stance="neutral", text="Le montant revient à l’assemblée.", by=context.officer
        )
    with at("2026-06-25 21:00"):
        amendments.withdraw(
            reload_amendment(drafts[3]),
            by=member_user(context, AMENDMENTS[3][0]),
            reason="D’accord pour commencer ainsi.",
        )


def reload_amendment(amendment: Amendment) -> Amendment:
    return full(Amendment.objects.all()).get(pk=amendment.pk)


def line_number(opinion: Opinion, title: str, quote: str) -> int:
    """Return the number of the line of that recommendation that contains the quote."""
    node = str(Recommendation.objects.get(opinion=opinion, title=title).node_id)
    version = base_version(opinion.pk)
    if version is None:
        raise LookupError("nothing was tabled")
    return next(row.number for row in alineas(version.tree) if row.recommendation_id == node and quote in row.text)


def debate(context: DemoContext, opinion: Opinion, item: AgendaItem) -> None:
    """Adopt one amendment, which makes another lapse; reject one."""
    rows = {row.number: row for row in Amendment.objects.filter(version__opinion=opinion)}
    moment = sittings.after_opening(item, minutes=4)
    for number, votes in ((1, Count(58, 19, 8, 2)), (3, Count(21, 55, 9, 2))):
        with at(moment + timedelta(minutes=5 * number)):
            AMENDMENT.transition(reload_amendment(rows[number]), "call", by=context.officer)
            amendments.vote(reload_amendment(rows[number]), votes, by=context.officer, **COUNTERS)


def rank_recommendations(context: DemoContext, opinion: Opinion, moment: Any) -> None:
    """Rank the recommendations by five dots a member."""
    opinion = reload(opinion)
    rows = Recommendation.objects.filter(opinion=opinion, state="active").order_by("number")
    dots = (71, 33, 64, 40, 18, 22, 29, 61, 47, 20)
    with at(moment):
        handover.rank(
            opinion,
            {row.pk: count for row, count in zip(rows, dots, strict=True)},
            mode=RankingMode.DOTS,
            held_on=story_date("2026-06-27"),
            voters=84,
            priorities=4,
            counters=(COUNTERS["first_counter"], COUNTERS["second_counter"]),
            version=0,
            by=context.officer,
        )


def complete(context: DemoContext, opinion: Opinion) -> None:
    """Add what follows the vote: spokespersons, a minority position, visas."""
    opinion = reload(opinion)
    with at("2026-06-27 16:05"):
        drawn = [mandate.member.person for mandate in context.mandates[7::17][:6]]
        handover.draw(
            opinion,
            drawn,
            drawn_on=story_date("2026-06-27"),
            place="Hôtel du Département",
            witnesses="Jean-Luc Mounié, commissaire de justice, et Odile Labatut",
            by=context.officer,
        )
    add_minority_position(context, opinion)
    with at("2026-07-06 10:00"):
        for capacity in (OpinionVisaCapacity.CHAIR, OpinionVisaCapacity.RAPPORTEUR):
            papers.record_visa(reload(opinion), capacity, by=context.officer)
        papers.write_easy_read(reload(opinion), EASY_READ, by=context.officer)


def seal_and_publish(context: DemoContext, opinion: Opinion) -> None:
    """Seal on 10 July, hand over on 15 July with a mail to everybody, publish on 17 July."""
    with at("2026-07-10 09:00"):
        sittings.make_now(papers.seal(reload(opinion), by=context.officer))
    with at("2026-07-15 11:00") as moment:
        handover.hand_over(
            reload(opinion),
            on=story_date("2026-07-15"),
            place="Hôtel du Département",
            to="président du Conseil départemental",
            by=context.officer,
        )
    sittings.mark_distribution_sent(context, Distribution.objects.get(kind="opinion-handed"), moment)
    with at("2026-07-17 09:00"):
        papers.publish(reload(opinion), by=context.officer)


def add_minority_position(context: DemoContext, opinion: Opinion) -> None:
    title, body = MINORITY
    author, *signers = (member_user(context, rank) for rank in (6, 7, 8))
    with at("2026-06-30 20:00"):
        position = positions.save(reload(opinion), title=title, body=body, by=author)
        if position is None:
            raise LookupError("the minority position was not kept")
        POSITION.transition(position, "submit", by=author)
    with at("2026-07-02 20:00"):
        for user in signers:
            positions.sign(position, by=user)


def prepare_vote(context: DemoContext, sitting: Sitting) -> tuple[Opinion, Ballot]:
    """Play everything before the plenary of 27 June."""
    opinion = write_texts(context)
    read_by_services(context, opinion)
    opinion = consolidate(context, opinion)
    return opinion, put_on_agenda(context, opinion, sitting)


def vote(context: DemoContext, opinion: Opinion, ballot: Ballot, items: Iterable[AgendaItem]) -> Ballot:
    """Play the sitting: amendments, dots, then the vote on the whole."""
    item = next(item for item in items if item.title.startswith("Vote"))
    debate(context, opinion, item)
    moment = sittings.after_opening(item, minutes=30)
    rank_recommendations(context, opinion, moment - timedelta(minutes=5))
    return sittings.count_and_proclaim(context, ballot, Count(79, 3, 4, 1), moment)


PLAN = (
    ("habiter", "Se soigner près de chez soi", "Que faut-il pour qu’un médecin vienne, et reste ?",
     ("À Luchon, le cabinet ferme en mars. Le suivant est à quarante minutes.",
      "Les jeunes médecins veulent travailler à plusieurs, et un logement pour leur famille."),
     "Un logement et un bureau pour chaque interne"),
    ("se-deplacer", "Aller chez le médecin", "Comment y aller quand on ne conduit pas ?",
     ("Le transport à la demande ne passe pas les limites des communes.",),
     "Un numéro d’appel pour un trajet"),
)  # fmt: skip


def begin_health_care(context: DemoContext) -> None:
    referral = Referral.objects.select_related("term__assembly").get(term=context.term, title=CARE[0])
    with at("2026-11-09 09:30"):
        REFERRAL.transition(referral, "publish", by=context.officer)
    with at("2026-11-09 10:00"):
        opinion = actions.create(referral, title="Accès aux soins dans les cantons ruraux", by=context.officer)
        for slug, title, guidance, _seen, _idea in PLAN:
            sections.add(
                opinion, title=title, committee=context.committees[slug], guidance=guidance, by=context.officer
            )
    with at("2026-11-16 14:00"):
        actions.open_texts(opinion, by=context.officer)
    for section, (_slug, _title, _guidance, seen, idea) in zip(sections_of(opinion), PLAN, strict=True):
        if section.text is not None:
            with at("2026-11-19 19:20"):
                texts.edit(section.text, writer_of(begun(seen, idea)), by=writers(context, section)[0])


def begun(seen: Sequence[str], idea: str) -> dict[str, object]:
    """Build the text of a first evening: what was seen, one idea whose questions have no answers yet."""
    return grammar.tree_document(
        grammar.heading("Ce que nous avons constaté"),
        *(grammar.paragraph(line) for line in seen),
        grammar.heading("Ce que nous proposons"),
        grammar.recommendation(idea),
    )
