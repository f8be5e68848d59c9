"""The interface for programs: the routers of the rooms below /api/, and what describes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from typing import Any, cast

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, re_path
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation

from reunion.base.assignments.api import router as assignments
from reunion.base.audit.api import router as audit
from reunion.base.exchange import PERMISSION, Problem, View, problem
from reunion.base.jobs.api import router as jobs
from reunion.base.notices.api import router as notices
from reunion.base.permissions.declare import signed_in
from reunion.base.tokens.api import router as me
from reunion.base.tokens.entrance import by_token
from reunion.base.units.api import packs, posts, regions, staff, units

ROUTERS: dict[str, Router] = {
    "/me": me,
    "/regions": regions,
    "/units": units,
    "/posts": posts,
    "/staff": staff,
    "/assignments": assignments,
    "/notices": notices,
    "/jobs": jobs,
    "/packs": packs,
    "/audit": audit,
}
"""A room with addresses for programs adds its router here."""

interface = NinjaAPI(title="Reunion", version="1", openapi_url=None, docs_url=None)
for _prefix, _router in ROUTERS.items():
    interface.add_router(_prefix, _router)


@interface.exception_handler(ValidationError)
def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say where the first value is that is not as it must be; never the value itself."""
    where = ".".join(str(part) for part in error.errors[0]["loc"][1:])
    said = _("A value is missing, or is not as it must be: %(where)s.") % {"where": where}
    return problem(422, "NotValid", said)


@interface.exception_handler(HttpError)
def not_readable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "NotReadable")


@cache
def described() -> dict[str, Any]:  # Any: as OpenAPI has it
    """The description of all operations, in English."""
    with translation.override("en"):
        text = json.dumps(
            interface.get_openapi_schema(path_prefix="api/"), cls=DjangoJSONEncoder, sort_keys=True
        )
    found: dict[str, Any] = json.loads(text)
    statuses = {code for _, operation in _operations(found) for code in operation["responses"]}
    found["components"] |= {
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        "responses": {
            f"Problem{code}": _described_problem(int(code))
            for code in sorted(statuses)
            if int(code) >= HTTPStatus.BAD_REQUEST
        },
    }
    found["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    found["security"] = [{"token": []}]
    for _address, operation in _operations(found):
        for parameter in operation["parameters"]:
            parameter["schema"] = _without_null(parameter["schema"])
    return found


def _operations(found: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for address, methods in found["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {address}", operation


def _described_problem(code: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": HTTPStatus(code).phrase,
        "content": {"application/problem+json": {"schema": schema}},
    }


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Of a parameter that may be left out: in an address there is no null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    return kinds[0] if len(kinds) == 1 else schema


@signed_in()
@require_safe
def api_docs(request: HttpRequest) -> HttpResponseBase:
    """Every operation with what it needs; plain text, so that it can be read and printed."""
    rows = [
        (
            method,
            f"/api{prefix}{address}".replace("{uuidstr:", "{"),
            operation.summary,
            permission_of(operation),
            [header["name"] for header in (operation.openapi_extra or {})["parameters"]],
        )
        for prefix, router in ROUTERS.items()
        for address, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    ]
    return render(request, "api_docs.html", {"rows": rows})


@signed_in()
@require_safe
def openapi(request: HttpRequest) -> HttpResponseBase:
    return JsonResponse(described())


def permission_of(operation: Operation) -> str:
    """The permission that a token must hold for an operation; blank: none."""
    return str((operation.openapi_extra or {})[PERMISSION])


def missing(request: HttpRequest) -> HttpResponse:
    return problem(404, "NotFound")


def _patterns() -> Iterator[URLPattern]:
    """Each address once, behind the entrance for programs."""
    views = {str(pattern.pattern): pattern.callback for pattern in interface.urls[0]}
    for prefix, router in ROUTERS.items():
        for address, view in router.path_operations.items():
            route = f"{prefix}{address}".strip("/").replace("{", "<").replace("}", ">")
            needs = {
                method: permission_of(operation)
                for operation in view.operations
                for method in operation.methods
            }
            name = view.operations[0].operation_id
            yield path(route, by_token(cast(View, views[route]), needs), name=name)


urlpatterns = [
    path("docs", api_docs, name="api_docs"),
    path("openapi.json", openapi, name="api_description"),
    *_patterns(),
    # Whatever else is asked for here is answered as programs are, and not with a page.
    re_path("^", by_token(missing, {}), name="api_missing"),
]
