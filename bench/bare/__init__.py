"""Baseline of bench/pages.py: a Django project of one view that returns two bytes. No middleware, no session."""
