"""What the sittings said of « Bien vieillir », once all of them are told."""

from opinions.demo import referral
from opinions.demo.house import House

CHAPTER = 40


def seed(house: House) -> None:
    referral.link(house)
