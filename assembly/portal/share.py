"""Picture of a public page for its shared address, in the colours and with the name of the assembly."""

from django.http import Http404, HttpResponse

from assembly.fragments.cache import cached_piece
from assembly.institution.queries import main_assembly
from assembly.web.share_card import Card, draw_card


def share_card(
    *, title: str, reference: str = "", line: str = "", seats: int, votes: tuple[int, int, int] = (0, 0, 0)
) -> HttpResponse:
    """Return the picture; its content is the whole cache key, so only the drawing is cached."""
    assembly = main_assembly()
    if assembly is None:
        raise Http404
    card = Card(
        assembly.name, title, reference, line, seats, votes, main=assembly.colour_main, second=assembly.colour_second
    )
    return HttpResponse(cached_piece(("card", card), lambda: draw_card(card)), content_type="image/png")
