"""Ages of the inhabitants, and the classes by which members and volunteers are compared with them."""

CLASSES = ((15, 29), (30, 44), (45, 59), (60, 74), (75, 120))
# Share of each class among inhabitants of 15 and more, by département: INSEE, recensement 2021 (domain.md D5).
POPULATION = {"31": (0.258, 0.245, 0.230, 0.170, 0.097)}


def population_of(codes: list[str]) -> tuple[float, ...] | None:
    """Return the shares of the département, identified by the INSEE codes of the cantons."""
    departments = {code[:2] for code in codes}
    return POPULATION.get(departments.pop()) if len(departments) == 1 else None


def class_of(age: int) -> int:
    return next((index for index, (_low, high) in enumerate(CLASSES) if age <= high), len(CLASSES) - 1)
