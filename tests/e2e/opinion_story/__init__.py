"""The acts of the story of an opinion, by chapter: `tests/e2e/test_opinion_story.py` plays them in order."""
