"""The description of the interface for programs, as a document.

    python -m tools.openapi

Writes docs/openapi.json; a test compares.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

DOCUMENT = Path(__file__).parent.parent / "docs" / "openapi.json"


def document() -> str:
    """The description as OpenAPI 3.1 (Django is set up)."""
    from reunion.web.api import described

    return json.dumps(described(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> None:
    """Write it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "reunion.settings.testing"
    import django

    django.setup()
    DOCUMENT.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
