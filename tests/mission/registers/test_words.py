"""What the declaration of a register does not say is derived: the words of its steps, and which may be the big
button. Read here, in French, what comes of it."""

from assembly.workflow.steps import past_participle
from mission.registers.declaration import registers

QUESTIONS = {
    "bookings annuler": "Annuler la réservation ?",
    "budget clore": "Clore l’opération ?",
    "budget rouvrir": "Rouvrir l’opération ?",
    "methods retirer": "Retirer la fiche ?",
    "partners en-sommeil": "Mettre en sommeil le partenariat ?",
    "partners reprendre": "Reprendre le partenariat ?",
    "sources abandonner": "Abandonner la source ?",
    "sources reprendre": "Suivre la source ?",
    "sources suspendre": "Mettre en pause la source ?",
    "support accepter": "Accepter la demande ?",
    "support retirer": "Retirer la demande ?",
    "trips annuler": "Annuler le déplacement ?",
    "watch classer": "Classer l’information ?",
    "watch reprendre": "Reprendre l’information ?",
}
DONE = {
    "bookings annuler": "La réservation est annulée.",
    "bookings confirmer": "La réservation est confirmée.",
    "budget clore": "L’opération est close.",
    "budget ouvrir": "L’opération est ouverte.",
    "contracts notifier": "Le contrat est en cours.",
    "contracts terminer": "Le contrat est terminé.",
    "legal echoir": "L’acte est échu.",
    "legal en-vigueur": "L’acte est en vigueur.",
    "legal remplacer": "L’acte est remplacé.",
    "lists rouvrir": "La liste est ouverte.",
    "partners en-sommeil": "Le partenariat est en sommeil.",
    "partners engager": "Le partenariat est actif.",
    "partners reprendre": "Le partenariat est actif.",
    "partners terminer": "Le partenariat est terminé.",
    "sources abandonner": "La source est abandonnée.",
    "sources reprendre": "La source est suivie.",
    "support accepter": "La demande est acceptée.",
    "support commencer": "La demande est en cours.",
    "trips annuler": "Le déplacement est annulé.",
    "watch classer": "L’information est classée.",
    "watch diffuser": "L’information est diffusée.",
    "watch lire": "L’information est lue.",
    "watch retenir": "L’information est retenue.",
}
BIG_BUTTONS = {
    "bookings": "confirmer",
    "budget": "ouvrir",
    "contracts": "notifier accepter",
    "digests": "envoyer",
    "grants": "declarer-complete demander-les-pieces instruire noter echanger rendre-avis au-comite voter "
    "annoncer convention verser compte-rendu clore",
    "legal": "en-vigueur",
    "lists": "rouvrir",
    "messages": "envoyer",
    "methods": "mettre-en-usage",
    "partners": "engager reprendre",
    "people": "",
    "resources": "en-service",
    "schemes": "publier",
    "sources": "reprendre",
    "support": "accepter commencer rendre evaluer",
    "trips": "ordonner fait",
    "watch": "retenir",
}


def test_questions_and_sentences_that_are_derived_are_french():
    steps = {f"{key} {step.slug}": (each, step) for key, each in registers.items() for step in each.steps}
    pages = {key: each.workflow.pages() for key, each in registers.items()}
    asked = {name: pages[each.key][step.slug].question for name, (each, step) in steps.items() if not step.question}
    done = {
        name: pages[each.key][step.slug].success_message
        for name, (each, step) in steps.items()
        if not step.success_message
    }
    assert {name: str(words) for name, words in asked.items()} == QUESTIONS
    assert {name: str(words) for name, words in done.items()} == DONE


def test_the_big_button_goes_on_along_the_path():
    assert {key: " ".join(each.primary) for key, each in registers.items()} == BIG_BUTTONS


def test_participles_of_the_journal():
    assert [past_participle(step_name) for step_name in ("accept", "close", "qualify", "notify", "pay")] == [
        "accepted",
        "closed",
        "qualified",
        "notified",
        "payed",  # an irregular one is given
    ]
