from tests.factories.mission import BudgetLineFactory, ContractFactory
from tests.mission.example import Example

TEAM = "lead officer"
ENTRY = {"kind": "spent", "title": "Affiches", "amount": "250", "day": "2026-02-03"}

EXAMPLE = Example(
    key="budget",
    sees=TEAM,
    writes=TEAM,
    states="draft open closed",
    row=lambda people, state: BudgetLineFactory(assembly=people.assembly, state=state),
    values=lambda people: {"year": "2026", "name": "Communication", "planned": "12000"},
    lines={
        "ecritures": lambda people: ENTRY,
        "contrats": lambda people: {"contract": ContractFactory(assembly=people.assembly).pk},
    },
    steps={
        "ouvrir": ("lead", {302: "draft"}),
        "depassement": ("lead", {422: "open"}),
        "clore": ("lead", {302: "open"}),
        "rouvrir": ("lead", {422: "closed"}),
    },
    step=("ouvrir", "draft", {}),
)
