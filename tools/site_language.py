"""A hook of mkdocs: pages below docs/zh say that they are Chinese, as a reader aloud must know."""

from __future__ import annotations

from mkdocs.structure.pages import Page


def on_post_page(output: str, page: Page, **_settings: object) -> str:
    """The page with its own language in place of the site's."""
    if not page.file.src_uri.startswith("zh/"):
        return output
    return output.replace('<html lang="en"', '<html lang="zh-Hans"', 1)
