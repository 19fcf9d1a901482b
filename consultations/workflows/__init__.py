"""State tables of referrals, reviews and hearings: domain.md B6, B7. The README has the same tables."""
