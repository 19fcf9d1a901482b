"""Template tag of the sign-in page where `ASSEMBLY_DEMO` is set."""

from django import template

from demo.context import one_click_accounts

register = template.Library()
register.simple_tag(one_click_accounts)
