"""What production serves: every file under its printed name, and no sheet that asks for a file nobody has."""

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.template.loader import render_to_string


def test_static_files_are_collected_under_the_print_of_their_content(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    storage = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": storage}}
    call_command("collectstatic", interactive=False, verbosity=0)
    sheet = staticfiles_storage.stored_name("dist/css/portal.css")
    text = (tmp_path / sheet).read_text()
    font = staticfiles_storage.stored_name("dist/fonts/source-sans-3-400.woff2")
    assert font.rsplit("/", 1)[1] in text
    assert f"/static/{sheet}" in render_to_string("404.html", {})


def test_the_static_page_of_a_planned_stop_knows_where_its_sheet_is():
    assert f"{settings.STATIC_URL}dist/css/portal.css" in (settings.BASE_DIR / "templates" / "503.html").read_text()
