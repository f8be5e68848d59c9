"""What programs are answered, in every room: records with tags, lists with a way on, problems.

A room's `api.py` has a router, and on it functions that take a request and give a schema:

    @reads(router, "/{uuid:pk}", says=_("One unit"), name="api_unit", needs=SEE, gives=UnitOut)
    def unit(request: ActorRequest, pk: UUID) -> UnitOut: ...

They call the room's own access functions and actions, so that a program sees and does what its
token's post would. `web.api` puts the routers together; `tokens.entrance` lets requests in.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any, Generic, Protocol, TypeAlias, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Router
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

from reunion.base.errors import REFUSED, ChangedMeanwhile, NotFound, NotPermitted, ReunionError
from reunion.base.records import Record
from reunion.base.words import sentence_of

F = TypeVar("F", bound=Callable[..., BaseModel])
T = TypeVar("T", bound=BaseModel)
M = TypeVar("M", bound=Record)
View: TypeAlias = Callable[..., HttpResponse]
R = TypeVar("R")

MOST = 200
"""Rows of one answer."""

PERMISSION = "x-permission"
"""Where the description of an operation says which permission it needs; empty: none."""

SENTENCES: dict[int, Promise] = {
    400: _("The request cannot be read."),
    401: _("There is no token, or it is not valid."),
    404: _("There is nothing here."),
    405: _("This address does not know the method."),
    412: _("Somebody changed this in the meantime. Read it again."),
    413: _("This is too large. Send less at a time."),
    422: _("A value is missing, or is not as it must be."),
    428: _("Send the ETag of the record, as you read it, in If-Match."),
    500: _("Something went wrong on our side, and nothing was done. Try again in a while."),
}
"""What a problem says, by its status."""

Line = Annotated[str, StringConstraints(pattern="^[^\\u0000]*$")]
"""A text without the one character that no database takes."""

Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_./\-]{1,80}$")]
"""A code, or the path of a region."""


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:  # in the first or the last hours of the calendar
        raise ValueError("no moment in UTC") from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment with its zone, in UTC."""

_TAG = re.compile(r'"(\d{1,9})\.[0-9a-f]+"')
_READ_PROBLEMS = (401, 404, 422, 500)
_WRITE_PROBLEMS = (400, 401, 404, 409, 413, 422, 500)
_CHANGE_PROBLEMS = (412, 428)


class Sent(BaseModel):
    """What a program sends: a field that is not known is a mistake, and is said."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """Why a request was not done (RFC 9457); `code` is for programs, `detail` for people.

    `instance` names a fault of the server, as its log does.
    """

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    instance: str | None = None


class Paging(BaseModel):
    """Which part of a list: so many rows, after the row of an id."""

    after: UUID | None = None
    limit: int = Field(50, ge=1, le=MOST)


class CodePaging(BaseModel):
    """The same of a list of a pack, whose rows have codes."""

    after: Word | None = None
    limit: int = Field(50, ge=1, le=MOST)


class Listed(BaseModel, Generic[T]):
    """A part of a list, in the order of ids; `next` is the address of the part that follows."""

    items: list[T]
    next: str | None


class Sentence(Protocol):
    """What the pages of a room say about a refused act."""

    def __call__(self, error: ReunionError, /) -> object: ...


def plain(error: ReunionError, /) -> Promise:
    """Of a room without words of its own."""
    return sentence_of(error, {})


def problem(
    status: int, code: str, detail: object = "", instance: str | None = None
) -> HttpResponse:
    """An answer that says why not."""
    said = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=str(detail or SENTENCES[status]),
        code=code,
        instance=instance,
    )
    answer = HttpResponse(
        said.model_dump_json(exclude_none=True),
        status=status,
        content_type="application/problem+json",
    )
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def listed(
    request: HttpRequest, rows: QuerySet[M], page: Paging, make: Callable[[M], T]
) -> Listed[T]:
    """A part of the rows; one more than asked for is fetched, to see whether there are more."""
    ordered = rows.order_by("pk")
    if page.after is not None:
        ordered = ordered.filter(pk__gt=page.after)
    found = list(ordered[: page.limit + 1])
    return _part(request, found, page.limit, make, lambda row: str(row.pk))


def listed_by_code(
    request: HttpRequest,
    rows: Iterable[R],
    page: CodePaging,
    make: Callable[[R], T],
    code: Callable[[R], str],
) -> Listed[T]:
    """A part of the rows of a pack."""
    after = page.after or ""
    found = sorted((row for row in rows if code(row) > after), key=code)[: page.limit + 1]
    return _part(request, found, page.limit, make, code)


def reads(
    router: Router, path: str, *, says: Promise, name: str, gives: type[BaseModel], needs: str = ""
) -> Callable[[F], F]:
    """Register a function that answers GET; a program that has the answer already is told so.

    Args:
        says: what it gives or does, in a few words.
        name: of the address, and of the operation.
        needs: the permission that the token must hold; empty: any token will do.
    """
    headers = [_header("If-None-Match", "The ETag of the answer that you have.", required=False)]
    held: dict[int, Any] = {304: {"description": "You have it already."}}  # Any: as OpenAPI has it
    extra = _extra(needs, headers, _READ_PROBLEMS, held)

    def register(function: F) -> F:
        _add(router, "GET", path, says, name, {200: gives}, extra)(_answering(function, plain, 200))
        return function

    return register


def writes(
    router: Router,
    path: str,
    *,
    says: Promise,
    name: str,
    gives: type[BaseModel],
    needs: str,
    sentence: Sentence = plain,
    creates: bool = False,
) -> Callable[[F], F]:
    """Register a function that answers POST.

    One with an argument `version` changes a record: it is given the version that If-Match names.

    Args:
        sentence: what the room says about a refused act.
        creates: it makes a record, whose address is the path and the id of what is given.
    """

    def register(function: F) -> F:
        headers = [
            _header(
                "Idempotency-Key",
                "1 to 255 visible characters of your own, new for each act.",
                required=True,
                pattern="^[!-~]{1,255}$",
            )
        ]
        problems: tuple[int, ...] = _WRITE_PROBLEMS
        if "version" in inspect.signature(function).parameters:
            headers.append(_header("If-Match", "The ETag of the record.", required=True))
            problems += _CHANGE_PROBLEMS
        status = 201 if creates else 200
        extra = _extra(needs, headers, problems, {})
        view = _answering(function, sentence, status)
        _add(router, "POST", path, says, name, {status: gives}, extra)(view)
        return function

    return register


def _extra(
    needs: str, headers: list[dict[str, Any]], problems: Sequence[int], answers: dict[int, Any]
) -> dict[str, Any]:
    """What the description of an operation says beside what its function shows."""
    refused = {code: {"$ref": f"#/components/responses/Problem{code}"} for code in problems}
    return {PERMISSION: needs, "parameters": headers, "responses": answers | refused}


def _add(
    router: Router,
    method: str,
    path: str,
    says: Promise,
    name: str,
    gives: dict[int, type[BaseModel]],
    extra: dict[str, Any],
) -> Callable[[View], View]:
    return router.api_operation(
        [method],
        path,
        operation_id=name,
        summary=says,  # type: ignore[arg-type]  # it is put into words when it is read
        response=gives,
        openapi_extra=extra,
    )


def _answering(function: F, sentence: Sentence, status: int) -> View:
    """The function as a view of the router: with its errors as problems, and its tag."""
    signature = inspect.signature(function, eval_str=True)
    changes = "version" in signature.parameters

    @wraps(function)
    def answering(request: HttpRequest, **values: Any) -> HttpResponse:  # Any: as its signature
        if changes:
            tag = request.headers.get("If-Match")
            if tag is None:
                return problem(428, "VersionMissing")
            found = _TAG.fullmatch(tag)
            if found is None:
                return problem(412, "ChangedMeanwhile")
            values["version"] = int(found[1])
        try:
            given = function(request, **values)
        except (NotFound, NotPermitted):
            return problem(404, "NotFound")
        except ChangedMeanwhile as error:
            return problem(412, error.code)
        except REFUSED as error:
            return problem(409, error.as_fields().get("rule", error.code), sentence(error))
        return _answer(request, given, status)

    shown = [one for one in signature.parameters.values() if one.name != "version"]
    answering.__signature__ = signature.replace(parameters=shown)  # type: ignore[attr-defined]  # functions carry it
    return answering


def _answer(request: HttpRequest, given: BaseModel, status: int) -> HttpResponse:
    body = given.model_dump_json()
    mark = sha256(body.encode()).hexdigest()[:16]
    version = getattr(given, "version", None)
    tag = f'"{mark}"' if version is None else f'"{version}.{mark}"'
    held = request.headers.get("If-None-Match", "").replace("W/", "")
    if request.method == "GET" and tag in {one.strip() for one in held.split(",")}:
        return HttpResponse(status=304, headers={"ETag": tag})
    answer = HttpResponse(body, status=status, content_type="application/json")
    answer["ETag"] = tag
    if status == HTTPStatus.CREATED:
        answer["Location"] = f"{request.path}/{getattr(given, 'id', '')}"
    return answer


def _part(
    request: HttpRequest,
    found: list[R],
    limit: int,
    make: Callable[[R], T],
    code: Callable[[R], str],
) -> Listed[T]:
    onward = None
    if len(found) > limit:
        asked = request.GET.copy()
        asked["after"] = code(found[limit - 1])
        onward = f"{request.path}?{asked.urlencode()}"
    return Listed(items=[make(row) for row in found[:limit]], next=onward)


def _header(name: str, says: str, *, required: bool, pattern: str = "") -> dict[str, Any]:
    schema = {"type": "string"} | ({"pattern": pattern} if pattern else {})
    return {
        "in": "header",
        "name": name,
        "required": required,
        "description": says,
        "schema": schema,
    }
