"""The guided tour as documents, in both languages, made of the steps that the rooms register.

    python -m tools.tour_pages

Writes docs/tour.md and docs/zh/tour.md; a test compares them with the steps.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Django is set up first
    from reunion.demo.guide import Stop

DOCS = Path(__file__).parent.parent / "docs"
COMMAND = "python -m tools.tour_pages"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the steps in one language.

    Args:
        signs_in: takes a login and a role.
        stop, between: the end of a sentence, and what stands before the next one.
    """

    file: str
    title: str
    made: str
    intro: str
    signs_in: str
    public: str
    page: str
    see: str
    following: str
    stop: str
    between: str


FRAMES = {
    "en": Frame(
        "tour.md",
        "Guided tour",
        f"Written by `{COMMAND}` from the steps that the rooms register: do not edit.",
        "{count} steps through what works today, in about half an hour. Run `make run` first"
        " ([start](start.md)): the table that it prints has a sign-in for every role, and the names"
        " below are from it. The sign-in page of the running system has the same tour with links,"
        " and remembers what you have done. Everything is invented, and every page says so.",
        "Sign in as `{login}` ({role}).",
        "On the public site.",
        "Page: `{page}`.",
        "*What you see:*",
        "Next: [who may do what](permissions.md), [the states of everything](states.md),"
        " [what it withstands](threats.md).",
        ".",
        " ",
    ),
    "zh-hans": Frame(
        "zh/tour.md",
        "导览",
        f"由 `{COMMAND}` 根据各功能登记的步骤生成，请勿手工修改。",
        "共{count}步，走一遍现有的功能，大约半小时。请先运行 `make run`（见[快速开始](start.md)）；"
        "它显示的账号表里，每种角色都有账号，下面的名字就是表里的账号名。系统运行后，登录页上也有同样的导览，带有链接，"
        "并记住您走到哪一步。所有数据都是虚构的，每一页都有说明。",
        "请用 `{login}`（{role}）登录。",
        "在公众网站上进行。",
        "页面：`{page}`。",
        "*您会看到：*",
        "接下来：[谁可以做什么](../permissions.md)、[各种状态](../states.md)、"
        "[能抵御什么](../threats.md)（英文）。",
        "。",
        "",
    ),
}


def files() -> dict[Path, str]:
    """The text of each document (Django is set up)."""
    from django.utils import translation

    found = {}
    for language, frame in FRAMES.items():
        with translation.override(language):
            found[DOCS / frame.file] = "\n".join(_lines(frame)) + "\n"
    return found


def _lines(frame: Frame) -> Iterator[str]:
    from reunion.demo.guide import stops

    shown = stops()
    yield from (f"# {frame.title}", "", frame.made, "", frame.intro.format(count=len(shown)), "")
    for stop in shown:
        text = frame.between.join(_parts(frame, stop))
        yield f"{stop.number}. **{stop.step.title}{frame.stop}** {text}"
    yield from ("", frame.following)


def _parts(frame: Frame, stop: Stop) -> Iterator[str]:
    from reunion.base.units.templatetags.names import role_name

    step = stop.step
    if step.login:
        yield frame.signs_in.format(login=step.login, role=role_name(stop.role))
    elif step.public:
        yield frame.public
    yield stop.text
    if step.address:
        yield frame.page.format(page=step.address)
    if step.commands:
        yield ", ".join(f"`{command}`" for command in step.commands) + frame.stop
    yield f"{frame.see} {step.see}"


def main() -> None:
    """Write them."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "reunion.settings.testing"
    import django

    django.setup()
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
