"""What opinions still take from here: the sentence of state and the one thing to do next."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Next:
    """`needs` is the ability behind the button; `page` a slug of the steps, or the name of a page."""

    sentence: str
    consequence: str = ""
    label: str = ""
    page: str = ""
    needs: str = ""
