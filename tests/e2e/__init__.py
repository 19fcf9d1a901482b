"""Tests in a browser."""

import pytest

# Acts that a story plays say what they compared, as the tests themselves do.
pytest.register_assert_rewrite("tests.e2e.opinion_story")
