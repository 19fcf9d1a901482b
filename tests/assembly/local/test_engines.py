"""The embedded engines behave like those of production."""

import pytest
import redis
from django.db import connection

pytestmark = pytest.mark.django_db


def test_french_capitals_match_their_small_letters():
    with connection.cursor() as cursor:
        cursor.execute("SELECT upper('éàç'), 'ÉVÊQUE' ILIKE 'évêque', current_setting('server_encoding')")
        assert cursor.fetchone() == ("ÉÀÇ", True, "UTF8")


@pytest.mark.parametrize("extension", ["unaccent", "btree_gist", "pg_trgm"])
def test_extension_is_available(extension):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = %s", [extension])
        assert cursor.fetchone() == (1,)


def test_redis_keeps_what_it_is_given(redis_client: redis.Redis):
    redis_client.set("clé", "valeur")
    assert redis_client.get("clé") == b"valeur"
    assert redis_client.dbsize() == 1
