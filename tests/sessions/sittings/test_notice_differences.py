from sessions.sittings.rules import differences

BEFORE = {
    "title": "Plénière",
    "when": "samedi 28 mars",
    "place": "Toulouse",
    "agenda": [{"id": 1, "title": "Ouverture"}, {"id": 2, "title": "Débat"}, {"id": 3, "title": "Vote"}],
}


def test_nothing_changed():
    assert differences(BEFORE, dict(BEFORE)) == []


def test_place_and_points_in_words():
    after = BEFORE | {
        "place": "Muret",
        "agenda": [{"id": 3, "title": "Vote"}, {"id": 2, "title": "Échange"}, {"id": 4, "title": "Pause"}],
    }
    assert [(line["label"], line["before"], line["after"]) for line in differences(BEFORE, after)] == [
        ("Lieu", "Toulouse", "Muret"),
        ("Point retiré", "Ouverture", ""),
        ("Point modifié", "Débat", "Échange"),
        ("Point ajouté", "", "Pause"),
        ("Ordre des points", "", "L’ordre des points a changé."),
    ]
