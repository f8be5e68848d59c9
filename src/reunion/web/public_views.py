"""The pages of the public site. None needs a script, a cookie, or a name."""

from __future__ import annotations

import json
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reunion.base.errors import ReunionError, RuleBroken
from reunion.base.inbox.access import item_with, transcript
from reunion.base.inbox.kinds import KINDS, ItemKind
from reunion.base.inbox.receipts import in_groups, read_code
from reunion.base.inbox.rules import ItemState
from reunion.base.inbox.tickets import TicketUnknown, Visit
from reunion.base.inbox.words import RULES, STANDINGS
from reunion.base.published.access import HEAD, one_shown
from reunion.base.published.kinds import PAGES
from reunion.web import public_desk, public_texts
from reunion.web.public_desk import Busy, HoldsReceipt, MustWait, NoDesk
from reunion.web.public_forms import LetterForm, ReceiptForm, WriteOnForm
from reunion.web.public_guard import problem

REFUSED = (TicketUnknown, Busy, HoldsReceipt, NoDesk, RuleBroken)
"""What a form says in a sentence, with all that was typed still in it."""

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What this is for, what is published, what is kept and what is not."""
    context = {"kinds": KINDS.values(), "published": public_texts.newest(timezone.now())}
    return render(request, "public/home.html", context)


@require_GET
def text_list(request: HttpRequest, kind: str) -> HttpResponse:
    """All that is published of a kind."""
    if kind not in PAGES:
        raise Http404
    number = request.GET.get("page", "")
    page, texts = public_texts.list_of(PAGES[kind], number, timezone.now())
    context = {"kind": PAGES[kind], "page": page, "texts": texts}
    return render(request, "public/text_list.html", context)


@require_GET
def text(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One publication; withdrawn looks like missing."""
    found = public_texts.one(PAGES[kind], key, timezone.now()) if kind in PAGES else None
    if found is None:
        raise Http404
    return render(request, "public/text.html", {"kind": PAGES[kind], "text": found})


@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """The newest published head of the audit trail, for whoever wants to keep it."""
    found = one_shown(HEAD, HEAD, timezone.now())
    head = found.body if found else None
    page = {"head": head, "text": json.dumps(head)} if head else {}
    if head:
        page |= {name: f"{head[f'lag_{name}'] / 1e6:.2f}" for name in ("p50", "p99")}
    return render(request, "public/trail.html", page)


@form_page
def letter(request: HttpRequest, kind: str) -> HttpResponse:
    """Write a first message; what comes back is the receipt, once."""
    if kind not in KINDS:
        raise Http404
    at = timezone.now()
    if request.method != "POST":
        ticket = public_desk.new_ticket(f"letter {kind}", at)
        form = LetterForm(day=at.date(), initial={"ticket": ticket})
        return _letter_page(request, KINDS[kind], form)
    form = LetterForm(request.POST, day=at.date())
    if not form.is_valid():
        return _letter_page(request, KINDS[kind], form)
    values = {name: form.cleaned_data[name] for name in ("region", "excluded", "text", "ticket")}
    try:
        code = public_desk.send(kind=kind, at=at, **values)
    except REFUSED as error:
        return _again(request, KINDS[kind], error, at)
    return render(request, "public/receipt.html", {"code": in_groups(code)})


@form_page
def come_back(request: HttpRequest) -> HttpResponse:
    """Type the number of the receipt, and read."""
    at = timezone.now()
    form = ReceiptForm(request.POST or None)
    if not form.is_valid():
        return render(request, "public/come_back.html", {"form": form})
    code = read_code(form.cleaned_data["code"])
    if code is None:
        form.add_error("code", _("A digit is missing or wrong. Please compare the number again."))
        return render(request, "public/come_back.html", {"form": form})
    try:
        visit = public_desk.look_up(code=code, wait=form.cleaned_data["wait"], at=at)
    except MustWait:
        return _wait(request, at)
    except Busy as error:
        form.add_error(None, str(_sentence(error)))
        return render(request, "public/come_back.html", {"form": form}, status=503)
    if visit is None:
        form.add_error("code", _("Nothing is kept under this number. Please compare it again."))
        return render(request, "public/come_back.html", {"form": form})
    return _conversation(request, visit, at)


@require_POST
def write_on(request: HttpRequest) -> HttpResponse:
    """Add a message to the conversation that the page before has opened."""
    at = timezone.now()
    try:
        visit = public_desk.visit_of(request.POST.get("capability", ""), at)
    except TicketUnknown:
        return problem(request, "ended", 403)
    form = WriteOnForm(request.POST)
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("text", "ticket")}
        try:
            public_desk.send_on(visit=visit, at=at, **values)
            return _conversation(request, visit, at, was_sent=True)
        except REFUSED as error:
            form.add_error(None, str(_sentence(error)))
    return _conversation(request, visit, at, form=form)


def _letter_page(
    request: HttpRequest, kind: ItemKind, form: LetterForm, *, status: int = 200
) -> HttpResponse:
    context = {"kind": kind, "form": form}
    return render(request, "public/letter.html", context, status=status)


def _again(request: HttpRequest, kind: ItemKind, error: ReunionError, at: datetime) -> HttpResponse:
    """The form with all that was typed; with a new ticket, if that was what was wrong."""
    typed = request.POST.copy()
    if isinstance(error, TicketUnknown):
        typed["ticket"] = public_desk.new_ticket(f"letter {kind.code}", at)
    form = LetterForm(typed, day=at.date())
    form.add_error(None, str(_sentence(error)))
    status = 503 if isinstance(error, Busy | NoDesk) else 200
    return _letter_page(request, kind, form, status=status)


def _wait(request: HttpRequest, at: datetime) -> HttpResponse:
    form = ReceiptForm({"code": request.POST["code"], "wait": public_desk.wait_ticket(at)})
    context = {"form": form, "seconds": int(public_desk.WAIT.total_seconds())}
    return render(request, "public/come_back.html", context, status=429)


def _conversation(
    request: HttpRequest,
    visit: Visit,
    at: datetime,
    *,
    form: WriteOnForm | None = None,
    was_sent: bool = False,
) -> HttpResponse:
    item = item_with(visit.item)
    hidden = {
        "capability": public_desk.capability(visit, at),
        "ticket": public_desk.new_ticket("write on", at),
    }
    if form is None:
        form = WriteOnForm(initial=hidden)
    else:  # nothing was sent: the page is open for its whole time again
        form.data = {"text": form.data.get("text", ""), **hidden}
    context = {
        "lines": transcript(item, visit.key),
        "standing": STANDINGS[ItemState(item.state)],
        "form": form,
        "was_sent": was_sent,
    }
    return render(request, "public/conversation.html", context)


def _sentence(error: ReunionError) -> Promise:
    """What a form says about a refused act."""
    match error:
        case RuleBroken(rule=rule) if rule in RULES:
            return RULES[rule]
        case TicketUnknown():
            return _("The page was open for too long. Nothing was sent. Please send it once more.")
        case HoldsReceipt():
            return _(
                "Your message holds the number of your receipt. Nobody but you may know it: please"
                " take it out."
            )
        case NoDesk():
            return _(
                "No office can receive this at the moment. Nothing was sent. Copy your text to a"
                " safe place if you can, and try again later."
            )
    return _("Many people write at this moment. Nothing was sent. Please send it once more.")
