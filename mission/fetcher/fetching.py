"""`fetch_feed(address)`: items of a feed, read in a child process: a hostile server can crash nothing else."""

import json
import subprocess
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assembly.files import child_process
from mission.fetcher.policy import CLOSED, FeedRefused, Policy

SENTENCES = {
    "address": gettext_lazy("Cette adresse n’est pas celle d’une page en http ou en https."),
    "credentials": gettext_lazy("Cette adresse contient un identifiant : retirez-le."),
    "port": gettext_lazy("Cette adresse demande un port qui n’est pas celui du web."),
    "private": gettext_lazy("Cette adresse mène à une machine qui n’est pas publique."),
    "unknown_host": gettext_lazy("Le nom de ce site est introuvable."),
    "downgrade": gettext_lazy("Ce site renvoie d’une adresse chiffrée à une adresse qui ne l’est pas."),
    "redirects": gettext_lazy("Ce site renvoie d’adresse en adresse, trop de fois."),
    "certificate": gettext_lazy("Le certificat de ce site n’est pas le sien ou n’est pas reconnu."),
    "broken": gettext_lazy("La réponse de ce site est incomplète ou illisible."),
    "slow": gettext_lazy("Ce site met trop de temps à répondre."),
    "header": gettext_lazy("L’en-tête de la réponse est démesuré."),
    "large": gettext_lazy("Ce flux pèse plus de 10 Mo."),
    "heavy": gettext_lazy("Ce flux demande trop de mémoire ou de calcul pour être lu."),
    "gone": gettext_lazy("Il n’y a plus rien à cette adresse."),
    "status": gettext_lazy("Ce site refuse de donner son flux, ou il est en panne."),
    "type": gettext_lazy("Ce qui est à cette adresse n’est pas un flux RSS ou Atom."),
    "not_a_feed": gettext_lazy("Ce qui est à cette adresse n’est pas un flux RSS ou Atom."),
    "compression": gettext_lazy("Ce flux est compressé d’une façon que nous ne lisons pas."),
    "charset": gettext_lazy("Le texte de ce flux n’est pas dans l’encodage qu’il annonce."),
    "entities": gettext_lazy("Ce flux déclare des entités XML, que nous ne lisons pas."),
}


@dataclass(frozen=True)
class FeedItem:
    """Item of a feed, cleaned: plain text, and a link that is http, https or empty."""

    title: str
    link: str
    summary: str
    published_on: date | None


@dataclass(frozen=True)
class Fetched:
    """Feed that was read; `is_unchanged` if the server reports nothing new since `etag` and `modified`."""

    address: str
    title: str
    items: list[FeedItem]
    etag: str
    modified: str
    is_unchanged: bool


def fetch_feed(address: str, *, etag: str = "", modified: str = "", policy: Policy = CLOSED) -> Fetched:
    """Fetch and parse a feed within `policy.wall_seconds`; raise FeedRefused."""
    policy = replace(policy, agent=f"Hemicycle (veille ; +{settings.SITE_URL})")
    request = {"address": address, "etag": etag, "modified": modified, "policy": asdict(policy)}
    try:
        child = child_process.run_module(
            "mission.fetcher.child", content=json.dumps(request).encode(), seconds=policy.wall_seconds
        )
        feed = json.loads(child.stdout)
    except subprocess.TimeoutExpired:
        raise FeedRefused("slow") from None
    except ValueError:  # the process reached a limit before it wrote
        raise FeedRefused("heavy") from None
    if "refused" in feed:
        raise FeedRefused(feed["refused"])
    items = [
        FeedItem(item["title"], item["link"], item["summary"], day_of(item["published"])) for item in feed["items"]
    ]
    return Fetched(
        feed["address"], feed["title"], items, feed["etag"], feed["modified"], feed.get("is_unchanged", False)
    )


def day_of(text: str) -> date | None:
    """Return the local day of a moment that the child wrote in ISO format; None for ""."""
    return timezone.localdate(datetime.fromisoformat(text)) if text else None
