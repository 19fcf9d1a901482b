"""What a page costs beside its statements: the objects that it makes, the bytes that it sends."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Model
from django.db.models.signals import post_init


@contextmanager
def made(model: type[Model]) -> Iterator[list[Model]]:
    """Collect the objects of `model` that are made inside, read ones included."""
    found: list[Model] = []

    def note(instance: Model, **_kwargs: object) -> None:
        found.append(instance)

    post_init.connect(note, sender=model)
    try:
        yield found
    finally:
        post_init.disconnect(note, sender=model)
