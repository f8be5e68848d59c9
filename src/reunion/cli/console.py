"""What goes where: data to stdout, words and progress for people to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    print(json.dumps(value, ensure_ascii=False, allow_nan=False))


def show_table(
    columns: Iterable[str], rows: Iterable[Iterable[object]], *, title: str = ""
) -> None:
    """A table for people; texts are shown as they are, never as markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console(stderr=True, soft_wrap=not sys.stderr.isatty()).print(table)


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """A moving sign while something takes seconds; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


@contextmanager
def progress_bars(stages: Mapping[str, str]) -> Iterator[Progress]:
    """Bars by stage, titled as `stages` says; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    tasks: dict[str, TaskID] = {}
    with Bars(console=Console(stderr=True), transient=True) as bars:

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stages.get(stage, stage), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield tell
