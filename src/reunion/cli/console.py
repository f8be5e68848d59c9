"""What goes where: data to stdout, words and progress for people to stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reunion.cli.errors import Status

if TYPE_CHECKING:
    from rich.console import Console

    from reunion.kinship.search import Progress

_MOST_SHOWN = 20


def say(text: object) -> None:
    """A sentence for people."""
    print(text, file=sys.stderr)


def say_each(sentences: Iterable[object], *, rest: str) -> None:
    """The first of many sentences, and how many more there are; `rest` says where they stand."""
    sentences = list(sentences)
    for sentence in sentences[:_MOST_SHOWN]:
        say(sentence)
    if len(sentences) > _MOST_SHOWN:
        say(f"... and {len(sentences) - _MOST_SHOWN} more {rest}")


def emit(value: Mapping[str, object]) -> None:
    """One JSON object on one line of stdout."""
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    try:
        line.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        line = json.dumps(value, allow_nan=False)
    try:
        print(line)
    except BrokenPipeError:
        raise SystemExit(leave_unread()) from None


def leave_unread() -> int:
    """Whoever read our output has gone: nothing more is written, and this is the exit status."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Status.BROKEN_PIPE


def show_table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """A table for people; texts are shown as they are, never as markup."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    _screen().print(table)


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """A moving sign while something takes seconds; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.markup import escape

    with _screen().status(escape(text)):
        yield


@contextmanager
def progress_bars(stages: Mapping[str, str]) -> Iterator[Progress]:
    """Bars by stage, titled as `stages` says; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    tasks: dict[str, TaskID] = {}
    with Bars(console=_screen(), transient=True) as bars:

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stages.get(stage, stage), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield tell


def _screen() -> Console:
    """Where people read: plain where stdout is no terminal, wide where nobody watches."""
    from rich.console import Console

    is_watched = sys.stderr.isatty()
    is_plain = not sys.stdout.isatty() or "NO_COLOR" in os.environ
    return Console(stderr=True, no_color=is_plain, width=None if is_watched else 160)
