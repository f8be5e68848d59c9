"""Networks of people, places or things and their links: lists in words, and a picture of the same.

The places of the picture come from the data alone, so that a page looks the same twice. A large
network is shown as the neighbourhood of one of its nodes.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext

from reunion.base.errors import RuleBroken

MOST_NODES = 300
"""More than these nobody can tell apart in a picture."""

SHAPES = {
    "ellipse": "●",
    "rectangle": "■",
    "diamond": "◆",
    "triangle": "▲",
    "star": "★",
    "hexagon": "⬢",
}
"""One for each kind of node, in the order in which the kinds come, and its sign."""

SPACING = 60.0
"""Pixels between neighbours, before the picture is eased."""

_ID = re.compile(r"[a-z][a-z0-9-]*")
_GOLDEN = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True, slots=True)
class Node:
    """A node: what it is called, and of which kind it is, both in words."""

    id: str
    name: str
    kind: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link from a node to another, and what it says, in words."""

    source: str
    target: str
    name: str


@dataclass(frozen=True, slots=True)
class Network:
    """A network with its summary in a sentence.

    Args:
        id: short, and of one network of a page only.
        focus: the node that it is about; of a large network only its neighbourhood is shown.

    Raises:
        RuleBroken: a link leads nowhere, a node is there twice, there are too many kinds, or a
            large network has no focus.
    """

    id: str
    title: str
    summary: str
    nodes: Sequence[Node]
    links: Sequence[Link]
    focus: str = ""

    def __post_init__(self) -> None:
        known = {node.id for node in self.nodes}
        ends = {end for link in self.links for end in (link.source, link.target)}
        if not _ID.fullmatch(self.id) or len(known) < len(self.nodes) or not ends <= known:
            raise RuleBroken(rule="network_is_whole")
        if len(self.kinds) > len(SHAPES):
            raise RuleBroken(rule="kinds_can_be_told_apart")
        if self.focus not in known and (self.focus or len(known) > MOST_NODES):
            raise RuleBroken(rule="large_network_has_a_focus")

    @property
    def kinds(self) -> list[str]:
        """The kinds of its nodes, in the order of the alphabet."""
        return sorted({node.kind for node in self.nodes})

    @property
    def legend(self) -> list[tuple[str, str]]:
        """The sign of each kind."""
        return list(zip(SHAPES.values(), self.kinds, strict=False))

    @property
    def shown(self) -> Network:
        """What is drawn and listed: itself, or the neighbourhood of its focus."""
        if len(self.nodes) <= MOST_NODES:
            return self
        kept = set(_by_nearness(self)[:MOST_NODES])
        return replace(
            self,
            nodes=[node for node in self.nodes if node.id in kept],
            links=[link for link in self.links if {link.source, link.target} <= kept],
        )

    @property
    def left_out(self) -> int:
        """How many nodes are too far from the focus to be shown."""
        return max(0, len(self.nodes) - MOST_NODES)

    @property
    def listed(self) -> list[tuple[Node, list[str]]]:
        """Each node that is shown, and its links in words."""
        shown = self.shown
        names = {node.id: node.name for node in shown.nodes}
        said: dict[str, list[str]] = {node.id: [] for node in shown.nodes}
        for link in shown.links:
            words = {"link": link.name, "source": names[link.source], "target": names[link.target]}
            said[link.source].append(gettext("%(link)s → %(target)s") % words)
            if link.target != link.source:
                said[link.target].append(gettext("%(source)s: %(link)s → this one") % words)
        return [(node, said[node.id]) for node in shown.nodes]

    @property
    def drawing(self) -> dict[str, Any]:
        """What network.js draws; values of JSON."""
        shown = self.shown
        places = positions(shown)
        shapes = dict(zip(self.kinds, SHAPES, strict=False))
        nodes = [
            {
                "data": {
                    "id": node.id,
                    "name": node.name,
                    "shape": shapes[node.kind],
                    "focus": int(node.id == self.focus),
                },
                "position": {"x": places[node.id][0], "y": places[node.id][1]},
            }
            for node in shown.nodes
        ]
        links = [
            {"data": {"source": link.source, "target": link.target, "name": link.name}}
            for link in shown.links
        ]
        return {"nodes": nodes, "links": links, "show": gettext("Show in the picture")}


def positions(network: Network) -> Mapping[str, tuple[float, float]]:
    """Where each node starts: on a spiral, those that are near in the network near one another."""
    return {
        node: (
            round(SPACING * math.sqrt(at) * math.cos(at * _GOLDEN), 2),
            round(SPACING * math.sqrt(at) * math.sin(at * _GOLDEN), 2),
        )
        for at, node in enumerate(_by_nearness(network))
    }


def _by_nearness(network: Network) -> list[str]:
    """The nodes by their distance from the focus, and by id; without one, from the best linked."""
    beside: dict[str, set[str]] = {node.id: set() for node in network.nodes}
    for link in network.links:
        beside[link.source].add(link.target)
        beside[link.target].add(link.source)
    starts = sorted(beside, key=lambda node: (node != network.focus, -len(beside[node]), node))
    order: dict[str, None] = {}
    for start in starts:
        waiting = deque([start])
        while waiting:
            node = waiting.popleft()
            if node not in order:
                order[node] = None
                waiting.extend(sorted(beside[node] - order.keys()))
    return list(order)
