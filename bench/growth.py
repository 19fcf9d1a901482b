"""What a page costs on a hundred copies of the data, relative to one."""

from typing import Any

from bench.server import ratio

Figures = dict[str, Any]  # of one page


def with_database(page: Figures) -> float | None:
    """Return processor time of the web process and of PostgreSQL, over the bare view, if it was measured."""
    return page["cpu_ratio"] and page["cpu_ratio"] * (1 + page["db_cpu_ms"] / page["cpu_ms"])


def compare(figures: dict[str, Figures], larger: dict[str, Figures]) -> None:
    """Add to each page what it costs on the larger data.

    Each run is relative to the bare view of its own minutes: between the two the machine may have become a quarter
    faster.
    """
    for name, page in figures.items():
        other = larger.get(name, {})
        page |= {
            "sql_100x": other.get("sql_1x"),
            "kb_html_100x": other.get("kb_html"),
            "db_cpu_ms_100x": other.get("db_cpu_ms"),
            "cpu_ratio_100x_over_1x": ratio(other.get("cpu_ratio"), page["cpu_ratio"]),
            "all_cpu_ratio_100x_over_1x": ratio(with_database(other), with_database(page)) if other else None,
        }
