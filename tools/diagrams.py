"""Draw every state machine of the platform, as pictures and tables for the documents.

    python -m tools.diagrams

Writes docs/states.md and docs/states/*.svg; a test compares them with the tables in the code. The
pictures are the same on every machine: no layout program, no randomness.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import reunion
from reunion.base.transitions import Machine, Move
from reunion.kinship.pictures.svg import GREY, INK, Canvas, text_width

DOCS = Path(__file__).parent.parent / "docs"

# Enough of them for the eye to follow a line; they print well in grey too.
COLOURS = ("#1b5e8c", "#a3481d", "#3c7a3b", "#7a3b78", "#8a6d00", "#2f7f86", "#9c2f45", "#555")
ROW, BOX, LANE = 20.0, 150.0, 14.0
"""Heights of a row, width of a box, distance between two lanes, in pixels."""


def machines() -> Iterator[Machine[Any]]:
    """All machines in a module `rules`, by name."""
    found: dict[str, Machine[Any]] = {}
    for module in pkgutil.walk_packages(reunion.__path__, "reunion."):
        if module.name.rpartition(".")[2] == "rules":
            for value in vars(import_module(module.name)).values():
                if isinstance(value, Machine):
                    found[value.name] = value
    yield from (found[name] for name in sorted(found))


def draw(machine: Machine[Any]) -> str:
    """One box for each state, its moves beside it, and a lane into each state that a move leads to.

    Lines of one colour lead to one state; where two lines cross without a dot, nothing meets.
    """
    canvas, tops, bottom = Canvas(), dict[str, float](), 16.0
    for state in machine.states:
        tops[state.value] = bottom
        bottom += ROW * (1 + sum(1 for _ in machine.open_moves(state))) + 18
    targets = [s.value for s in machine.states if any(m.target is s for m in machine.moves)]
    labels = max(text_width(_label(move), 12) for move in machine.moves)
    first_lane = 16 + BOX + 16 + labels + 14
    for at, target in enumerate(targets):
        _lane(canvas, machine, target, tops, first_lane + LANE * at, COLOURS[at % len(COLOURS)])
    for state in machine.states:
        _box(canvas, machine, state, tops[state.value])
    return canvas.svg(
        first_lane + LANE * len(targets) + 8,
        bottom,
        title=f"The states of {machine.name}",
        description="; ".join(_sentence(move) for move in machine.moves),
    )


def _label(move: Move[Any]) -> str:
    return f"{move.name}  {move.needs or '(by itself)'}"


def _sentence(move: Move[Any]) -> str:
    sources = ", ".join(s.value for s in sorted(move.sources))
    return f"{move.name}: {sources} to {move.target.value}"


def _box(canvas: Canvas, machine: Machine[Any], state: Any, top: float) -> None:
    """A state, with the names of the moves that lead out of it."""
    moves = list(machine.open_moves(state))
    height = ROW * (1 + len(moves))
    is_start = state is machine.start
    canvas.add(
        "rect", x=16, y=top, width=BOX, height=height, rx=6, fill="#eef3f7" if moves else "#e4e4e4",
        stroke=INK, stroke_width=2.5 if is_start else 1,
    )  # fmt: skip
    name = state.value if moves else f"{state.value} (end)"
    canvas.text(16 + BOX / 2, top + 15, name, bold=True)
    if is_start:
        canvas.text(16 + BOX / 2, top + height - 5, "start", size=10, fill=GREY)
    for row, move in enumerate(moves, 1):
        canvas.text(16 + BOX + 10, top + ROW * row + 14, _label(move), anchor="start")


def _lane(
    canvas: Canvas,
    machine: Machine[Any],
    target: str,
    tops: dict[str, float],
    x: float,
    colour: str,
) -> None:
    """The line into a state, with a branch from each move that leads to it."""
    entry = tops[target] + 10
    ends = [entry]
    for state in machine.states:
        for row, move in enumerate(machine.open_moves(state), 1):
            if move.target.value == target:
                y = tops[state.value] + ROW * row + 10
                start = 16 + BOX + 14 + text_width(_label(move), 12)
                canvas.line([(start, y), (x, y)], width=1.2, stroke=colour)
                canvas.add("circle", cx=x, cy=y, r=2.5, fill=colour)
                ends.append(y)
    canvas.line([(x, min(ends)), (x, max(ends))], width=1.2, stroke=colour)
    left = 16 + BOX
    canvas.line([(x, entry), (left + 2, entry)], width=1.2, stroke=colour)
    canvas.add("path", d=f"M{left:g} {entry:g}l8 -4v8z", fill=colour)


def page(all_machines: list[Machine[Any]]) -> str:
    """The document: a picture and a table for each machine."""
    parts = [
        "# State machines\n\nWritten by `python -m tools.diagrams` from the tables in the code: do"
        " not edit. A move without a permission is made by a clock or by another record.\n"
    ]
    for machine in all_machines:
        rows = "\n".join(_row(machine, move) for move in machine.moves)
        parts.append(
            f"## {machine.name}\n\n![The states of {machine.name}](states/{machine.name}.svg)\n\n"
            f"| move | from | to | permission | reason |\n|---|---|---|---|---|\n{rows}\n"
        )
    return "\n".join(parts)


def _row(machine: Machine[Any], move: Move[Any]) -> str:
    sources = ", ".join(s.value for s in machine.states if s in move.sources)
    reason = "yes" if move.reasoned else ""
    return f"| {move.name} | {sources} | {move.target.value} | {move.needs} | {reason} |"


def files() -> dict[Path, str]:
    """Every file below docs/ that this tool writes, with its text."""
    found = list(machines())
    texts = {Path("states") / f"{machine.name}.svg": draw(machine) for machine in found}
    return texts | {Path("states.md"): page(found)}


def main() -> None:
    """Write the files, and remove pictures of machines that are gone."""
    texts = files()
    (DOCS / "states").mkdir(exist_ok=True)
    for old in (DOCS / "states").glob("*.svg"):
        if old.relative_to(DOCS) not in texts:
            old.unlink()
    for name, text in texts.items():
        (DOCS / name).write_text(text, encoding="utf-8")
        print(f"docs/{name}")


if __name__ == "__main__":
    main()
