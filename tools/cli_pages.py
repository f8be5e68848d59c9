"""The pages about the command `reunion`, made of its own help, its statuses and its settings.

    python -m tools.cli_pages

Writes docs/cli/*.md; a test compares them with the program. The texts have one width everywhere,
and no colour.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from typer.core import TyperGroup
from typer.main import get_command

from reunion.cli.errors import Status
from reunion.cli.main import app
from reunion.settings.environment import VARIABLES, Variable

if TYPE_CHECKING:
    from typer._click.core import Command  # typer has no public name for it

PAGES = Path(__file__).parent.parent / "docs" / "cli"
COMMAND = "python -m tools.cli_pages"
WIDTH = 88

MEANINGS = {
    Status.OK: "done",
    Status.FINDINGS: "done, and the answer is no: nothing found, or a check failed",
    Status.USAGE: "the command was used wrongly",
    Status.ENVIRONMENT: "the environment or the configuration is not right",
    Status.REFUSED: "the data were refused",
    Status.FAULT: "a fault of the program itself",
    Status.INTERRUPTED: "interrupted",
    Status.BROKEN_PIPE: "whoever read the output went away",
}


def files() -> dict[str, str]:
    """The text of every page, by its name."""
    root = _context(get_command(app), "reunion", None)
    groups = [child for child in _children(root) if isinstance(child.command, TyperGroup)]
    alone = [child for child in _children(root) if not isinstance(child.command, TyperGroup)]
    pages = {f"{one.info_name}.md": _page(one.command_path, [one, *_below(one)]) for one in groups}
    return {
        "index.md": _index(groups, alone),
        "system.md": _page("Commands of the system", alone),
        **pages,
    }


def commands() -> set[str]:
    """Every command, as it is typed."""
    return {one.command_path for one in _below(_context(get_command(app), "reunion", None))}


def statuses() -> str:
    """The table of exit statuses."""
    rows = "".join(f"| {status.value} | {MEANINGS[status]} |\n" for status in Status)
    return f"| exit code | meaning |\n|---|---|\n{rows}"


def variables() -> str:
    """The table of the environment variables."""
    rows = "".join(map(_row, VARIABLES))
    return f"| variable | default | values | meaning |\n|---|---|---|---|\n{rows}"


def _row(one: Variable) -> str:
    default = f"`{one.default}`" if one.default else ""
    choices = ", ".join(f"`{choice}`" for choice in one.choices)
    return f"| `REUNION_{one.name}` | {default} | {choices} | {one.help} |\n"


def _context(command: Command, name: str, parent: typer.Context | None) -> typer.Context:
    settings = command.context_settings
    return typer.Context(command, parent, info_name=name, terminal_width=WIDTH, **settings)


def _children(context: typer.Context) -> Iterator[typer.Context]:
    if isinstance(context.command, TyperGroup):
        for name, command in context.command.commands.items():
            yield _context(command, name, context)


def _below(context: typer.Context) -> Iterator[typer.Context]:
    for child in _children(context):
        yield child
        yield from _below(child)


def _index(groups: list[typer.Context], alone: list[typer.Context]) -> str:
    links = [f"[`{one.command_path}`]({one.info_name}.md): {_first(one)}\n" for one in groups]
    links += [
        f"[`{one.command_path}`](system.md#{one.command_path.replace(' ', '-')}): {_first(one)}\n"
        for one in alone
    ]
    commands = "".join(f"- {link}" for link in links)
    return (
        f"# The command `reunion`\n\nWritten by `{COMMAND}` from the program itself: do not edit.\n"
        "In a checkout the command is `.venv/bin/reunion` or `./reunion`; `--help` works after each"
        f" word of it.\n\n{commands}\n"
        "## Exit codes\n\n"
        f"{statuses()}\nThose of `reunion signer` and `reunion audit verify`:"
        " [the audit trail](../audit.md#commands).\n\n"
        "## Settings\n\nEnvironment variables. An unknown one that begins with `REUNION_` is"
        f" refused.\n\n{variables()}"
    )


def _page(title: str, contexts: list[typer.Context]) -> str:
    parts = [f"# {title}\n\nWritten by `{COMMAND}` from the help of the program: do not edit.\n"]
    parts += [f"## {context.command_path}\n\n{_text(context)}" for context in contexts]
    return "\n".join(parts)


def _text(context: typer.Context) -> str:
    lines = (line.rstrip() for line in context.command.get_help(context).splitlines())
    return "```text\n" + "\n".join(lines).strip() + "\n```\n"


def _first(context: typer.Context) -> str:
    return (context.command.help or "").partition("\n\n")[0].replace("\n", " ").strip()


def main() -> None:
    """Write the pages, and remove those of commands that are gone."""
    texts = files()
    PAGES.mkdir(exist_ok=True)
    for old in PAGES.glob("*.md"):
        if old.name not in texts:
            old.unlink()
    for name, text in texts.items():
        (PAGES / name).write_text(text, encoding="utf-8")
        print(f"docs/cli/{name}")


if __name__ == "__main__":
    main()
