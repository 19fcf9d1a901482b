"""Three members who asked to stay in touch after their mandate, one of them by telephone."""

from demo.clock import at
from demo.context import DemoContext
from members.actions import alumni
from members.enums import RecordChannel


def seed(context: DemoContext) -> None:
    for name, on in (("member1", "2026-11-02 20:10"), ("member2", "2026-11-05 12:40")):
        user = context.users[name]
        with at(on):
            alumni.stay_in_touch(user.person.member, context.term, agrees=True, by=user)
    called = next(mandate.member for mandate in context.mandates if not mandate.member.person.email)
    with at("2026-11-06 10:00"):
        alumni.stay_in_touch(called, context.term, agrees=True, by=context.officer, channel=RecordChannel.PHONE)
