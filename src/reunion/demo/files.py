"""The files of the demonstration: a picture and a note that say that they are synthetic."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw


def picture() -> bytes:
    """A drawing of nobody (PNG)."""
    image = Image.new("RGB", (480, 360), "#dfe7ef")
    pen = ImageDraw.Draw(image)
    pen.ellipse((190, 60, 290, 160), fill="#8aa0b6")
    pen.pieslice((110, 170, 370, 430), 180, 360, fill="#8aa0b6")
    pen.text((12, 336), "SYNTHETIC / nobody real", fill="#22303c")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def note() -> bytes:
    """A note (plain text)."""
    return "合成笔记：仅供演示。\nSynthetic note, for practice only.\n".encode()
