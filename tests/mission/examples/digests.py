from tests.factories.watch import DigestReaderFactory, WatchDigestFactory
from tests.mission.example import Example

TEAM = "lead officer"


def letter(people, state):
    """Make a letter in an assembly with a recipient."""
    DigestReaderFactory(assembly=people.assembly, user=people.make("officer", people.term))
    return WatchDigestFactory(assembly=people.assembly, state=state)


EXAMPLE = Example(
    key="digests",
    sees=TEAM,
    writes=TEAM,
    states="draft sent",
    row=letter,
    values=lambda people: {"name": "Veille, décembre 2026", "body": "## Juridique"},
    steps={"envoyer": (TEAM, {302: "draft"})},
    step=("envoyer", "draft", {}),
)
