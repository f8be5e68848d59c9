"""A plain reader of QR codes, for tests: from a picture back to the text, by ISO/IEC 18004.

It reads a clean, upright picture of versions 1 to 6 in one mode, of plain letters, and corrects
nothing: every codeword must be whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PIL import Image

Matrix = list[list[bool]]

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
MASKS: list[Callable[[int, int], bool]] = [
    lambda r, c: (r + c) % 2 == 0,
    lambda r, c: r % 2 == 0,
    lambda r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: r * c % 2 + r * c % 3 == 0,
    lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
]
LEVELS = {1: "L", 0: "M", 3: "Q", 2: "H"}
# Data codewords of each block, by version and level.
BLOCKS = {
    (1, "L"): [19], (1, "M"): [16], (1, "Q"): [13], (1, "H"): [9],
    (2, "L"): [34], (2, "M"): [28], (2, "Q"): [22], (2, "H"): [16],
    (3, "L"): [55], (3, "M"): [44], (3, "Q"): [17] * 2, (3, "H"): [13] * 2,
    (4, "L"): [80], (4, "M"): [32] * 2, (4, "Q"): [24] * 2, (4, "H"): [9] * 4,
    (5, "L"): [108], (5, "M"): [43] * 2, (5, "Q"): [15, 15, 16, 16], (5, "H"): [11, 11, 12, 12],
    (6, "L"): [68] * 2, (6, "M"): [27] * 4, (6, "Q"): [19] * 4, (6, "H"): [15] * 4,
}  # fmt: skip


def modules(picture: Image.Image) -> Matrix:
    """The modules of the only code in a picture, which has nothing else that is dark."""
    dark = picture.convert("L").point(lambda level: 255 if level < 128 else 0)
    box = dark.getbbox()
    assert box is not None
    left, top, right, bottom = box
    finder = next(x for x in range(left, right) if not dark.getpixel((x, top))) - left
    size = round((right - left) / (finder / 7))
    assert size % 4 == 1, size
    step_x, step_y = (right - left) / size, (bottom - top) / size
    return [
        [
            bool(dark.getpixel((int(left + (c + 0.5) * step_x), int(top + (r + 0.5) * step_y))))
            for c in range(size)
        ]
        for r in range(size)
    ]


def read(matrix: Matrix) -> str:
    """The text of a code."""
    size, version = len(matrix), (len(matrix) - 17) // 4
    bits = [matrix[8][c] for c in (0, 1, 2, 3, 4, 5, 7, 8)]
    information = int("".join(str(int(bit)) for bit in bits[:5]), 2) ^ 0b10101
    level, mask = LEVELS[information >> 3], MASKS[information & 7]
    stream = [matrix[r][c] != mask(r, c) for r, c in _path(size, version)]
    words = [_number(stream[at : at + 8]) for at in range(0, len(stream) - 7, 8)]
    return _text(_untangled(words, BLOCKS[version, level]), version)


def _untangled(words: Sequence[int], blocks: Sequence[int]) -> list[bool]:
    """The bits of the data, block after block; in the code the blocks take turns."""
    parts: list[list[int]] = [[] for _ in blocks]
    rest = iter(words)
    for turn in range(max(blocks)):
        for part, length in zip(parts, blocks, strict=True):
            if turn < length:
                part.append(next(rest))
    return [bool(word >> (7 - at) & 1) for part in parts for word in part for at in range(8)]


def _text(bits: Sequence[bool], version: int) -> str:
    assert version < 10
    mode, at = _number(bits[:4]), 4
    if mode == 4:
        length, at = _number(bits[at : at + 8]), at + 8
        found = (_number(bits[at + 8 * n : at + 8 * n + 8]) for n in range(length))
        return bytes(found).decode()
    if mode == 1:
        length, at, text = _number(bits[at : at + 10]), at + 10, ""
        while len(text) < length:
            taken = min(3, length - len(text))
            width = (4, 7, 10)[taken - 1]
            text, at = text + f"{_number(bits[at : at + width]):0{taken}}", at + width
        return text
    assert mode == 2, mode
    length, at = _number(bits[at : at + 9]), at + 9
    text = ""
    for _ in range(length // 2):
        text += "".join(ALPHANUMERIC[n] for n in divmod(_number(bits[at : at + 11]), 45))
        at += 11
    return text + (ALPHANUMERIC[_number(bits[at : at + 6])] if length % 2 else "")


def _path(size: int, version: int) -> Iterator[tuple[int, int]]:
    """The modules that hold data, in the order in which they are filled."""
    up, column = True, size - 1
    while column > 0:
        column -= column == 6  # the column of the timing pattern holds none
        for row in range(size - 1, -1, -1) if up else range(size):
            for c in (column, column - 1):
                if not _is_pattern(row, c, size, version):
                    yield row, c
        up, column = not up, column - 2


def _is_pattern(row: int, column: int, size: int, version: int) -> bool:
    corner = (row < 9 and (column < 9 or column >= size - 8)) or (row >= size - 8 and column < 9)
    centre = size - 7
    aligned = version > 1 and abs(row - centre) <= 2 and abs(column - centre) <= 2
    return corner or aligned or 6 in (row, column)


def _number(bits: Sequence[bool]) -> int:
    return int("".join(str(int(bit)) for bit in bits), 2)
