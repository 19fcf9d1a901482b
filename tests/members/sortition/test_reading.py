"""What people send: accents, byte order marks, formulas, lost zeros; each fault has its row and its sentence."""

import unicodedata

import pytest

from members.sortition.reading import (
    InvalidInput,
    canonical_pool,
    canonical_quotas,
    csv_bytes,
    read_instance,
    read_quotas,
)
from tests.members.sortition.pools import QUOTAS, pool_bytes

POOL = "id,sexe,csp,foyer\nV1,F,retraité,M1\nV2,H,retraité,M1\nV3,F,cadre,\nV4,H,cadre,\n"
LINES = "feature,value,min,max\nsexe,F,1,1\nsexe,H,1,1\ncsp,retraité,0,2\ncsp,cadre,0,2\n"


def problems(
    pool: str | bytes = POOL, quotas: str | bytes = LINES, seats: int = 2
) -> list[tuple[str, int | None, str, str]]:
    with pytest.raises(InvalidInput) as refused:
        read_instance(*(one.encode() if isinstance(one, str) else one for one in (pool, quotas)), seats)
    return [(one.file, one.row, one.column, one.sentence) for one in refused.value.problems]


def read(pool: str | bytes = POOL, quotas: str | bytes = LINES, seats: int = 2):
    return read_instance(*(one.encode() if isinstance(one, str) else one for one in (pool, quotas)), seats)


def test_features_are_those_of_the_quotas_and_blank_households_are_households_of_their_own():
    instance = read()
    assert instance.features == ("csp", "sexe")
    assert [one.values for one in instance.volunteers] == [
        ("retraité", "F"),
        ("retraité", "H"),
        ("cadre", "F"),
        ("cadre", "H"),
    ]
    assert instance.households == (("V1", "V2"),)
    assert instance.invalid(["V1", "V2"]) == "two people of one household"
    assert instance.invalid(["V3", "V4"]) == ""


def test_a_household_named_like_somebody_is_not_hers():
    assert read(POOL.replace("V3,F,cadre,", "V3,F,cadre,V4")).households == (("V1", "V2"),)


def test_a_pool_without_households_has_none():
    pool = "\n".join(line.rpartition(",")[0] for line in POOL.splitlines())
    assert read(pool).households == ()


@pytest.mark.parametrize(
    "same",
    [
        unicodedata.normalize("NFD", POOL).encode(),
        b"\xef\xbb\xbf" + POOL.encode(),
        POOL.replace("\n", "\r\n").encode(),
        POOL.replace("\n", "\r").encode(),
        POOL.replace(",", ";").encode(),
        POOL.replace(",", " , ").encode(),
        POOL.rstrip("\n").encode() + b"\n\n,,,\n",
        "\n".join([POOL.splitlines()[0], *reversed(POOL.splitlines()[1:])]).encode(),
    ],
    ids=["NFD", "BOM", "CRLF", "CR", "semicolon", "spaces", "blank ends", "order"],
)
def test_the_frozen_form_is_one(same):
    assert canonical_pool(same) == POOL.encode()
    assert read(same) == read()
    assert read(same).digest == read().digest


def test_frozen_files_are_frozen_as_they_are():
    assert canonical_pool(pool_bytes()) == pool_bytes()
    assert canonical_quotas(QUOTAS) == QUOTAS
    assert canonical_quotas(LINES.replace(",", ";").encode()) == LINES.encode()
    assert csv_bytes(("a",), [("e\u0301",), (1,)]) == "a\n\xe9\n1\n".encode()


def test_the_digest_follows_all_that_the_engine_reads():
    changed = [
        read(POOL.replace("V4,H,cadre,", "V4,H,cadre,M9")),
        read(POOL.replace("V4,H,cadre,", "V4,H,retraité,")),
        read(POOL.replace("V4", "V5")),
        read(quotas=LINES.replace("csp,cadre,0,2", "csp,cadre,0,1")),
    ]
    assert len({one.digest for one in [*changed, read()]}) == 5
    assert read(POOL.replace("\n", ",x\n").replace("foyer,x", "foyer,note")).digest == read().digest


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_other_encodings_are_refused_with_their_row(encoding):
    ((file, row, _column, sentence),) = problems(POOL.encode(encoding))
    assert (file, row) == ("pool", 1 if encoding == "utf-16" else 2)
    assert "CSV UTF-8" in sentence


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "words"),
    [
        ("V2,H", "V1,H", 3, "id", "« V1 » est déjà ligne 2"),
        ("V2,H", ",H", 3, "id", "il manque un identifiant"),
        ("V2,H", "V 2,H", 3, "id", "lettres sans accent"),
        ("V2,H", "V|2,H", 3, "id", "lettres sans accent"),
        ("V2,H", "V2,X", 3, "sexe", "« X » n’est pas dans les quotas."),
        ("V2,H", "V2,h", 3, "sexe", "il y a « H »"),
        ("V2,H", "V2,", 3, "sexe", "cette case est vide"),
        ("V2,H", "=A1,H", 3, "id", "est une formule"),
        ("V4,H,cadre,", "V4,H,cadre,@SUM(A1)", 5, "foyer", "est une formule"),
        ("V4,H,cadre,", 'V4,H,cadre,"a\nb"', 5, "foyer", "caractère de contrôle"),
        ("V4,H,cadre,", "V4,H,cadre,a\0b", 5, "foyer", "caractère de contrôle"),
        ("V4,H,cadre,", "V4,H,cadre", 5, "", "3 cases pour 4 colonnes"),
        ("V4,H,cadre,", "V4,H,cadre,,", 5, "", "5 cases pour 4 colonnes"),
        ("id,sexe", "id,genre", 1, "sexe", "cette colonne manque"),
        ("id,sexe", "nom,sexe", 1, "id", "cette colonne manque"),
        ("csp,foyer", "csp,csp", 1, "csp", "deux fois"),
        (POOL, "", None, "", "n’a pas de ligne"),
        (POOL, 'id,sexe,csp,foyer\n"V1', None, "", "guillemets"),
    ],
)
def test_a_pool_that_is_wrong_says_where(old, new, row, column, words):
    found = problems(POOL.replace(old, new, 1))
    assert any((one[0], one[1], one[2]) == ("pool", row, column) and words in one[3] for one in found), found


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "words"),
    [
        ("sexe,F,1,1", "sexe,F,2,1", 2, "min", "le minimum (2) dépasse le maximum (1)"),
        ("sexe,F,1,1", "sexe,F,-1,1", 2, "min", "est une formule"),
        ("sexe,F,1,1", "sexe,F,1.5,2", 2, "min", "nombre entier"),
        ("sexe,F,1,1", "sexe,F,1,", 2, "max", "nombre entier"),
        ("sexe,F,1,1", "sexe,,1,1", 2, "value", "une case est vide"),
        ("sexe,F,1,1", "sexe,F,9999999,9999999", 2, "min", "nombre entier"),
        ("sexe,H,1,1", "sexe,F,1,1", 3, "value", "« F » est déjà plus haut"),
        ("sexe,F,1,1", "sexe,F,2,2", None, "min", "les minimums de « sexe » font 3, pour 2 sièges"),
        ("sexe,F,1,1", "sexe,F,0,0", None, "max", "les maximums de « sexe » font 1, pour 2 sièges"),
    ],
)
def test_quotas_that_are_wrong_say_where(old, new, row, column, words):
    found = problems(quotas=LINES.replace(old, new, 1))
    assert any((one[0], one[1], one[2]) == ("quotas", row, column) and words in one[3] for one in found), found


def test_zeros_that_a_spreadsheet_took_off_are_named():
    quotas = "feature,value,min,max\ncanton,0101,0,2\ncanton,0102,0,2\n"
    ((_file, row, column, sentence),) = problems("id,canton\nV1,101\nV2,0102\n", quotas)
    assert (row, column) == (2, "canton")
    assert "un tableur a-t-il ôté un zéro de « 0101 » ?" in sentence
    ((_file, row, column, sentence),) = problems("id,canton\n0007,0101\n12,0102\n", quotas)
    assert (row, column) == (None, "id")
    assert "zéros de tête" in sentence
    found = problems("id,canton\n0007,0101\n7,0102\n", quotas)
    assert "aux zéros de tête près" in found[0][3]
    assert read("id,canton\n1,0101\n12,0102\n", quotas).seats == 2


def test_every_fault_is_said_at_once_up_to_fifty():
    pool = "id,sexe,csp,foyer\n" + "".join(f"V{number},X,cadre,\n" for number in range(80))
    found = problems(pool)
    assert [one[1] for one in found] == list(range(2, 52))
    with pytest.raises(InvalidInput) as refused:
        read_quotas(LINES.encode(), 0)
    assert str(refused.value).splitlines()[0] == "quotas.csv : il faut au moins un siège."
    with pytest.raises(InvalidInput) as refused:
        read(POOL.replace("V2,H", "V2,X"))
    assert str(refused.value) == "pool.csv, ligne 3, colonne « sexe » : « X » n’est pas dans les quotas."
