"""Pages of the letters of the watch beside those of their register."""

from tests.factories.watch import DigestReaderFactory, WatchDigestFactory
from tests.security.routes import TEAM, Route

NO = False

ROUTES: dict[str, Route] = {
    "mission:digest-file": Route(
        get=TEAM, of=lambda p: {"pk": WatchDigestFactory(assembly=p.assembly).pk, "kind": "docx"}
    ),
    "mission:digest-readers": Route(get=TEAM, post=TEAM, data=lambda p: {"user": p["lead"].pk}, crosses=True),
    "mission:digest-reader-remove": Route(
        get=TEAM, post=TEAM, of=lambda p: {"pk": DigestReaderFactory(assembly=p.assembly, user=p["officer"]).pk}
    ),
}
ROUTES_THAT_WRITE = {"mission:digest-readers": NO, "mission:digest-reader-remove": NO}
