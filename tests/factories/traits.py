"""What factories share."""

from typing import Any

import factory


class Trait(factory.Trait):
    """factory_boy's, off until asked for.

    Its own looks an absent trait up once for each field, and each failure words all declarations of the factory: 15 %
    of the processor of tests that make many objects.
    """

    def as_declarations(self, field_name: str, declarations: dict[str, Any]) -> dict[str, Any]:
        overrides: dict[str, Any] = super().as_declarations(field_name, declarations)
        return {field_name: declarations.get(field_name, False), **overrides}
