"""Minutes with something of everything, as an officer leaves them: what files and pages are tried on."""

from datetime import date, timedelta

from sessions.decisions import actions as decisions
from sessions.decisions.rules import Count
from sessions.minutes.actions import writing
from tests.sessions.sittings.closed_sitting import NAMES, OPENED, closed_sitting

NAMES_OF_PRIVATE_PEOPLE = [last for _first, last in NAMES[1:]]
SUMMARIES = [
    "<p>La présidente ouvre la séance et rappelle l’ordre du jour.</p>",
    "<h3>Présentation</h3><p>La Direction de l’Autonomie rappelle le calendrier : le schéma sera voté en novembre "
    "2026.</p><h3>Échanges</h3><p>Gisèle Rouquette demande qui paie quand une famille ne peut plus avancer les frais. "
    "<em>Réponse de la direction :</em> une avance existe.</p><ul><li>le reste à charge ;<ul><li>à domicile</li></ul>"
    "</li><li>la place des aidants.</li></ul><table><thead><tr><th>Lieu</th><th>Minutes</th></tr></thead><tbody><tr>"
    '<td>Saint-Béat</td><td>50</td></tr></tbody></table><p><a href="https://haute-garonne.fr">Le schéma</a></p>',
    "<p>M. Pujol présente le carnet. <strong>Trois questions</strong> reviennent dans la salle.</p>",
]


def written_minutes(people, **options):
    """Make a held plenary with three summaries, a decision by consent, one by a vote, two actions."""
    held = closed_sitting(people, **options)
    minutes = held.begin()
    for item, html in zip(held.items, SUMMARIES, strict=True):
        writing.write(minutes, item, html, revision=0, by=held.officer)
    decisions.decide(held.items[0], text="L’ordre du jour est adopté.", by=held.officer)
    ballot = decisions.prepare_ballot(held.items[2], question="Adopter le carnet de mi-parcours ?", by=held.officer)
    there = len(held.members) - 1
    decisions.count_ballot(
        ballot,
        Count(there - 1, 0, 1),
        by=held.officer,
        voted_at=OPENED + timedelta(hours=3) if held.sitting.opened_at == OPENED else None,
        first_counter="Nadia Fauré",
        second_counter="Pierrick Tournier",
    )
    decisions.decide(held.items[2], text="Le carnet de mi-parcours est adopté.", by=held.officer, ballot=ballot)
    decisions.add_action(
        held.sitting,
        item=held.items[1],
        text="Envoyer la carte des accueils de jour aux membres",
        owner_text="Direction de l’Autonomie",
        due_on=date(2026, 4, 17),
        by=held.officer,
    )
    decisions.add_action(
        held.sitting, item=held.items[1], text="Relire la notice", owner=held.members[2].person, by=held.officer
    )
    minutes.held = held
    return minutes
