"""Mails about answers."""
