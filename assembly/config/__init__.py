"""Composition root. Importing it binds `@shared_task` to our Celery application."""

from assembly.config.celery import app as celery_app
