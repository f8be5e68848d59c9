"""Every address of a site, walked from its URL configuration, with what its view declares."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from reunion.base.permissions.declare import METHODS, Declared, Reach, declared_of

INTERNAL, PUBLIC = "reunion.web.urls", "reunion.web.public_urls"


@dataclass(frozen=True)
class Endpoint:
    """One address.

    Args:
        arguments: the names of what stands in the address, such as `pk`.
        declared: who may reach it; None: nobody said, and the gate lets nobody in.
        methods: what the view answers; all else is 405.
        module: where the view is written.
    """

    name: str
    route: str
    arguments: frozenset[str]
    declared: Declared | None
    methods: frozenset[str]
    module: str


def endpoints(configuration: str = INTERNAL) -> list[Endpoint]:
    """All addresses of a site, in their order."""
    return list(_walk(get_resolver(configuration).url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], above: str) -> Iterator[Endpoint]:
    for pattern in patterns:
        route = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
            continue
        view = pattern.callback
        yield Endpoint(
            pattern.name or route,
            "/" + route,
            frozenset(pattern.pattern.converters),
            declared_of(view),
            methods_of(view),
            view.__module__,
        )


def methods_of(view: object) -> frozenset[str]:
    """What a view answers, by its decorators `require_...` or, of a class, by its functions."""
    found = frozenset(METHODS)
    says = declared_of(view)
    if says is not None and says.reach is Reach.TOKEN:
        return frozenset(method for method in METHODS if says.needed(method) is not None)
    while view is not None:
        made_of = getattr(view, "view_class", None)
        if made_of is not None:
            found &= {name for name in METHODS if hasattr(made_of, name.lower())} | {"HEAD"}
        if inspect.isfunction(view):
            said = inspect.getclosurevars(view).nonlocals.get("request_method_list")
            found &= frozenset(said) if said is not None else found
        view = getattr(view, "__wrapped__", None)
    return found
