"""State tables of sittings, minutes and ballots (domain.md B11, B13, B10); the README has the same tables."""
