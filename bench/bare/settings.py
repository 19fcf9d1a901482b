"""The fewest settings with which Django responds to one request."""

SECRET_KEY = "the-bare-project-signs-nothing-at-all"  # noqa: S105 -- nothing is signed
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "bench.bare.views"
USE_TZ = True
MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []
