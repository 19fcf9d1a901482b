"""Texts that go to a word processor and come back: trees in, files out, files in, trees out. No database here."""
