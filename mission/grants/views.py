"""Views of grants: list of a committee, mails of its decisions, papers; public pages of schemes and of a deposit."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.files.sheets import cell
from assembly.identity.attempts import TooManyAttempts
from assembly.identity.http import UserRequest
from assembly.identity.views import ended_page
from assembly.institution.queries import main_assembly_key
from assembly.web.errors import StateConflict, too_many
from assembly.web.forms import attach_refusal, posted
from assembly.web.idempotency import repeatable
from assembly.web.pages import form_page
from assembly.web.request_bodies import takes_files
from members.sortition.reading import csv_bytes
from mission.grants import actions, documents, mails, queries, rules
from mission.grants.forms import BeginForm, GrantDepositForm, PiecesForm
from mission.grants.models import GrantApplication, GrantDeposit, GrantScheme, GrantState, SchemeState
from mission.grants.queries import PAPERS, PaperKind
from mission.registers.declaration import registers
from mission.registers.pages import row_of, written_row

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def committee_page(request: UserRequest, pk: int) -> HttpResponse:
    """Show what the committee reads of one scheme, the best score first."""
    scheme = row_of(request, registers["schemes"], pk)
    rows = list(queries.committee_list(scheme))
    context = {"scheme": scheme, "rows": rows, "totals": queries.committee_totals(rows), "above": registers["schemes"]}
    return render(request, "mission/grants/committee.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decisions(request: UserRequest, pk: int) -> HttpResponse:
    """Show every decision mail of this scheme, and send all together; 409 if one has changed."""
    register = registers["schemes"]
    scheme = written_row(request, register, pk)
    back, conflict = reverse("mission:grant-committee", args=[pk]), ""
    if request.method == "POST":
        try:
            count = actions.send_all_decisions(scheme, seen=request.POST.get("seen", ""), by=request.user)
        except ValidationError as refused:
            conflict = " ".join(refused.messages)
        else:
            messages.success(request, format_sent(count))
            return redirect(back)
    waiting = list(queries.decisions_to_send(scheme))
    rows = queries.with_address(waiting)
    context = {
        "scheme": scheme,
        "rows": [(row, mails.letter_of(row)) for row in rows],
        "question": format_unsent(len(rows)),
        "seen": mails.fingerprint(*rows),
        "by_post": [row for row in waiting if not row.contact_email],
        "conflict": conflict,
        "back": back,
    }
    return render(request, "mission/grants/decisions.html", context, status=409 if conflict else 200)


def paper_for(request: UserRequest, pk: int, slug: str) -> tuple[GrantApplication, PaperKind]:
    """Return the application and the kind of paper; 404 for an unknown kind, or one that has no content yet."""
    row = row_of(request, registers["grants"], pk)
    paper = PAPERS.get(slug)
    if paper is None or not paper.can_print(row):
        raise Http404
    return row, paper


def blind(request: UserRequest, row: GrantApplication) -> HttpResponse:
    """Refuse papers (409) to a reader who still has to give marks."""
    return render(request, "mission/grants/blind.html", {"row": row}, status=409)


@require_safe
def grant_papers(request: UserRequest, pk: int) -> HttpResponse:
    """Show each paper: to print, to edit in Word, sealed."""
    row = row_of(request, registers["grants"], pk)
    if rules.is_blind(request.user, row):
        return blind(request, row)
    context = {"row": row, "papers": queries.papers_of(row), "above": registers["grants"]}
    return render(request, "mission/grants/papers.html", context)


@require_safe
def grant_word(request: UserRequest, pk: int, slug: str) -> HttpResponse:
    row, paper = paper_for(request, pk, slug)
    if rules.is_blind(request.user, row):
        return blind(request, row)
    name = f'attachment; filename="{row.reference}-{slug}.docx"'
    content = documents.docx(paper, row, request.user)
    return HttpResponse(content, content_type=WORD, headers={"Content-Disposition": name})


@require_POST
def grant_print(request: UserRequest, pk: int, slug: str) -> HttpResponse:
    """Open the PDF if nothing changed since the last one, else request it and show its progress."""
    row, paper = paper_for(request, pk, slug)
    if rules.is_blind(request.user, row):
        return blind(request, row)
    job = actions.print_paper(row, paper, by=request.user)
    return redirect("documents:rendition-file" if job.is_ready else "documents:rendition-progress", job.public_id)


def format_unsent(count: int) -> str:
    """Return the sentence of the page that asks before sending."""
    return ngettext("%(n)s message partira.", "%(n)s messages partiront.", count) % {"n": count}


def format_sent(count: int) -> str:
    """Return the sentence of the page that follows the sending."""
    return ngettext("%(n)s message est en cours d’envoi.", "%(n)s messages sont en cours d’envoi.", count) % {
        "n": count
    }


CLOSED_ANSWER = gettext_lazy("Si une demande existe à cette adresse, son lien est parti.")
SAVE, SEND, COMPLETE = "enregistrer", "envoyer", "completer"


def public_schemes() -> Any:
    """Return the schemes of the assembly that the public pages show, without drafts."""
    shown = GrantScheme.objects.filter(assembly__in=main_assembly_key()).exclude(state=SchemeState.DRAFT)
    return shown.order_by("-closes_on", "name__alphabetical")


@never_cache
@login_not_required
@require_safe
def scheme_list(request: HttpRequest) -> HttpResponse:
    """Show the schemes that are open, to come and over, and how long a decision takes."""
    now = timezone.now()
    rows = list(public_schemes())
    today = timezone.localdate(now)
    open_now = [row for row in rows if rules.is_open(row, now)]
    context = {
        "open": open_now,
        "to_come": [row for row in rows if row.state == SchemeState.PUBLISHED and row.opens_on > today],
        "over": [row for row in rows if row.state == SchemeState.CLOSED or row.closes_on < today][:20],
        "delay": queries.median_sentence(rows[0].assembly_id) if rows else "",
    }
    return render(request, "mission/grants/public_list.html", context)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def scheme_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the rules of a scheme; send an address its link. The response does not reveal whether it is known."""
    scheme = get_object_or_404(public_schemes(), pk=pk)
    now = timezone.now()
    is_open = rules.is_open(scheme, now)
    return form_page(
        request,
        BeginForm(posted(request)),
        lambda data: actions.ask_link(scheme, data["email"], ip=get_ip(request), now=now),
        template="mission/grants/public_scheme.html",
        context=lambda: {
            "scheme": scheme,
            "is_open": is_open,
            "criteria": scheme.criteria.order_by("pk"),
            "pieces": scheme.pieces.order_by("pk"),
            "retention_days": rules.DRAFT_RETENTION.days,
        },
        field="email",
        success_message=_("Le lien est parti : ouvrez le courriel que vous allez recevoir.")
        if is_open
        else CLOSED_ANSWER,
        to=reverse("mission:grant-scheme", args=[pk]),
    )


def dead_link(request: HttpRequest) -> HttpResponse:
    return render(request, "mission/grants/dead_link.html", status=HTTPStatus.NOT_FOUND)


type View = Callable[..., HttpResponse]


def for_linked(view: View) -> View:
    """Decorate the view of a personal link, which gets its deposit: 404 for a forged token, 410 for an ended link.

    An address that nobody confirmed yet sees the question alone.
    """

    @wraps(view)
    def opened(request: HttpRequest, token: str, **rest: Any) -> HttpResponse:
        if not rules.digest_of(token):
            return dead_link(request)
        link = mails.link_of(token)
        if link is None or not mails.still_opens(link):
            return ended_page(request, reverse("mission:grant-link-renew", args=[token]))
        if not link.deposit.is_confirmed:
            return render(request, "mission/grants/deposit_confirm.html", {"token": token})
        return view(request, link.deposit, token, **rest)

    return opened


@repeatable("asking twice sends no more than the budget, and each is counted")
@never_cache
@login_not_required
@require_POST
def link_renew(request: HttpRequest, token: str) -> HttpResponse:
    """Send a new link to the address on file, from the page of an ended one."""
    if not rules.digest_of(token):
        return dead_link(request)
    try:
        actions.renew_deposit_link(token, ip=get_ip(request))
    except TooManyAttempts:
        return too_many(request)
    return ended_page(request, "", is_sent=True)


@repeatable("confirming twice is confirming")
@never_cache
@login_not_required
@require_POST
def address_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm the address: the link came by mail, so whoever opens it reads that address."""
    if (link := mails.link_of(token)) is None:
        return dead_link(request)
    page = reverse("mission:grant-deposit", args=[token])
    if mails.still_opens(link) and not link.deposit.is_confirmed:
        actions.confirm_address(link)
        messages.success(request, _("Votre adresse est confirmée."))
    return redirect(page)


@takes_files
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@for_linked
def deposit_page(request: HttpRequest, deposit: GrantDeposit, token: str) -> HttpResponse:
    """Show the form as it was left; once sent, the state of the application and what is missing."""
    now = timezone.now()  # a click counts from its arrival, however long it blocks
    if deposit.application is not None and deposit.application.state != GrantState.INCOMPLETE:
        if request.method == "POST":
            messages.info(request, sent_message(deposit))
            return redirect(request.path)
        return render(request, "mission/grants/deposit_sent.html", shown(deposit, token))
    return answer(request, deposit, token, now) if request.method == "POST" else form_shown(request, deposit, token)


def sent_message(deposit: GrantDeposit) -> str:
    row: Any = deposit.application
    return _("Votre demande %(reference)s est déjà déposée : rien n’est déposé deux fois.") % {
        "reference": row.reference
    }


def form_of(deposit: GrantDeposit, *data: Any) -> Any:
    return (GrantDepositForm if deposit.application is None else PiecesForm)(*data, deposit=deposit)


def form_shown(
    request: HttpRequest, deposit: GrantDeposit, token: str, form: Any = None, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = shown(deposit, token) | {"form": form or form_of(deposit)}
    return render(request, "mission/grants/deposit.html", context, status=status)


def shown(deposit: GrantDeposit, token: str) -> dict[str, Any]:
    row = deposit.application
    return {
        "deposit": deposit,
        "scheme": deposit.scheme,
        "application": row,
        "token": token,
        "documents": deposit.documents.select_related("piece", "upload").order_by("pk"),
        "asked": row.asked_for.splitlines() if row else [],
        "days": queries.days_of_steps(row) if row else [],
        "is_open": rules.is_open(deposit.scheme, timezone.now()),
        "awaits_decision": row is not None and rules.awaits_decision(row),
        "can_withdraw": row is None or rules.can_withdraw_by_link(row),
        "delay": queries.median_sentence(deposit.scheme.assembly_id),
    }


def answer(request: HttpRequest, deposit: GrantDeposit, token: str, now: Any) -> HttpResponse:
    """Save what was typed and each valid file, whatever is wrong with the rest; then send it if requested."""
    action = request.POST.get("aller", SAVE)
    form = form_of(deposit, request.POST, request.FILES)
    is_right = form.is_valid()
    try:
        actions.save_deposit(deposit, form.typed())
        actions.add_files(deposit, form.good_files(), ip=get_ip(request))
        bad_files = [name for name in form.pieces if name in form.errors]
        if action == SAVE and not bad_files:
            messages.success(request, _("C’est enregistré. Le lien de votre courriel ouvre cette page."))
            return redirect(request.path)
        if is_right and action == SEND and deposit.application is None:
            row, is_new = actions.send_deposit(deposit, form.values(), now=now)
            text = _("Votre demande %(reference)s est déposée.") % {"reference": row.reference}
            messages.success(request, text if is_new else sent_message(deposit))
            return redirect(request.path)
        if is_right and action == COMPLETE and deposit.application is not None:
            actions.complete_by_link(deposit)
            messages.success(request, _("Merci : nous vérifions de nouveau votre demande."))
            return redirect(request.path)
    except ValidationError as refused:
        attach_refusal(form, refused)
    except StateConflict:
        return redirect(request.path)
    if action == SAVE:
        for name in set(form.errors) - set(form.pieces):
            del form.errors[name]  # a draft may be incomplete: only files that were not saved are errors
    return form_shown(request, deposit, token, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@never_cache
@login_not_required
@require_POST
@for_linked
def document_drop(request: HttpRequest, deposit: GrantDeposit, token: str, pk: int) -> HttpResponse:
    document = deposit.documents.select_related("upload__blob").filter(pk=pk).first()
    if document is not None:
        actions.drop_document(deposit, document)
        messages.success(request, _("Le document est retiré."))
    return redirect(reverse("mission:grant-deposit", args=[token]))


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@for_linked
def deposit_withdraw(request: HttpRequest, deposit: GrantDeposit, token: str) -> HttpResponse:
    """Ask for a confirmation, then withdraw the application."""
    if request.method != "POST" or not shown(deposit, token)["can_withdraw"]:
        return render(request, "mission/grants/deposit_withdraw.html", shown(deposit, token))
    actions.withdraw_deposit(deposit)
    messages.success(request, _("Votre demande est retirée."))
    return redirect("mission:grant-schemes")


@login_not_required
@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """Return the voted grants in the national schema « subventions » 2.1.1: commas, points in amounts, no formula."""
    rows = [[cell(value) for value in row] for row in queries.scdl_rows()]
    name = 'attachment; filename="subventions.csv"'
    content = csv_bytes(queries.SCDL, rows)
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})
