"""Codes of the packs as words of the page's language: `{% load names %}`."""

from __future__ import annotations

from django import template

from reunion.base.records import word_of
from reunion.base.units.models import Unit
from reunion.base.units.pack import in_language, jurisdiction, post_roles, region_label, unit_label

register = template.Library()


@register.filter
def region_name(path: str) -> str:
    """What a region is called, or how that is read."""
    return region_label(path)


@register.filter
def agency_name(code: str) -> str:
    """What a kind of agency is called."""
    kind = jurisdiction().agencies.get(code)
    return in_language(kind.names) if kind else code


@register.filter
def role_name(code: str) -> str:
    """What a role is called."""
    role = post_roles().get(code)
    return in_language(role.name) if role else code


@register.filter
def rank_name(code: str) -> str:
    """What a rank is called."""
    rank = jurisdiction().ranks.get(code)
    return in_language(rank.names) if rank else code


@register.filter
def kind_name(kind: str) -> str:
    """What a kind of records is called; `kind` is the label of a model."""
    return word_of(kind)


@register.filter
def unit_name(unit: Unit) -> str:
    """What a unit is called."""
    return unit_label(unit)
