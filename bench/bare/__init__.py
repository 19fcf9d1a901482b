"""The baseline of bench/pages.py: a Django project of one view that answers two bytes. No middleware, no session."""
