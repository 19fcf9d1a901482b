"""The sealed table: keys and files of the test's own, a worker at hand."""

from tests.opinions.papers.conftest import _own_files, work

__all__ = ["_own_files", "work"]
