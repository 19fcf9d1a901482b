"""Who may do what with every address of the product, written by hand, one line a route. Never derive it from a view.

How to add yours (a route without a line makes the suite fail):

    "members:directory":     Route(get=DESK),                                     # a list of the reader's own house
    "members:detail":        Route(get=DESK, of=lambda p: {"pk": member(p).pk}),  # an object of `p.term`
    "members:suspend":       Route(post=TEAM, of=lambda p: {"pk": member(p).pk}, data={"reason": "x"}),
    "members:my-page":       Route(get="member", of=…),                           # only its owner, people["member"]
    "documents:verify":      Route(get=ANYONE, post=ANYONE),                      # public

- `get` (GET and HEAD) and `post` name the roles that are let in: 2xx, a redirect inside the house, 400, 409 or 422 for
  a form that says no. Everybody else must be refused: 403, 404, or the sign-in page.
- `of` makes the object and gives the arguments of the address; it receives `p` (tests/people.py): `p.term`,
  `p.assembly`, `p.directorate`, `p["member"]`, `p["officer"]`… The same roles of ANOTHER assembly
  (`p.elsewhere(role)`) are tried on that object by themselves and must be refused, unless `crosses=True` (say why).
- `data` is what POST sends (a dict, or a function of `p`); nothing by default, which must not give a 5xx either.
- `journals=True`: reading this page writes one line of the journal (contact and needs lists). No other GET writes.
- MEMBERS = "member other_member": write "member" alone when only the owner of the object may. TEAM, DESK,
  DIRECTORATES, ELECTED, STRONG (all but members), SIGNED_IN and ANYONE are in tests/security/routes.py.

Run yours alone: .venv/bin/python -m pytest tests/security/test_matrix.py -q -n0 -k "members"
"""

from tests.security.routes import ANYONE, SIGNED_IN, STRONG, Route

ROUTES: dict[str, Route] = {
    # assembly.identity: sign-in and one's own account -----------------------------------------------------------
    "account_login": Route(get=ANYONE, post=ANYONE),
    "account_request_login_code": Route(get=ANYONE, post=ANYONE, data={"email": "inconnu@example.org"}),
    "account_confirm_login_code": Route(get=ANYONE, post=ANYONE),
    "mfa_login_webauthn": Route(get=ANYONE, post=ANYONE),
    "mfa_authenticate": Route(get=ANYONE, post=ANYONE),
    "account_logout": Route(get=ANYONE, post=ANYONE),
    "account_inactive": Route(get=ANYONE),
    "account_signup": Route(get=ANYONE, post=ANYONE, data={"email": "moi@example.org"}),
    "account_reauthenticate": Route(get=STRONG, post=STRONG),
    "mfa_reauthenticate": Route(get=STRONG, post=STRONG),
    "mfa_reauthenticate_webauthn": Route(get=STRONG, post=STRONG),
    "account_change_password": Route(get=SIGNED_IN, post=SIGNED_IN),
    "account_set_password": Route(get=SIGNED_IN, post=SIGNED_IN),
    "account_reset_password": Route(get=ANYONE, post=ANYONE, data={"email": "inconnu@example.org"}),
    "account_reset_password_done": Route(get=ANYONE),
    "account_reset_password_from_key": Route(
        get=ANYONE, post=ANYONE, of=lambda p: {"uidb36": "1", "key": "set-password"}, crosses=True
    ),
    "account_reset_password_from_key_done": Route(get=ANYONE),
    "mfa_index": Route(get=SIGNED_IN),
}
