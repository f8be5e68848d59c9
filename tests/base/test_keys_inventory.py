"""The inventory names every key that the code uses, and the document is made of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from reunion.base.keys.inventory import KEYS, document
from tests.architecture.project import python_files, read, short

TAKING = {"newest": 0, "secret_text": 0, "versions": 0, "add": 0, "seal_with": 1, "open_with": 1}
"""Functions that take the name of a key, and at which place."""


def named_keys() -> Iterator[tuple[str, str]]:
    """(file, name) of each key that the source asks a keyring for."""
    for path in python_files():
        if "src/reunion/" not in short(path):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            ast.unparse(node.targets[0]): node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (given := _name_given(node)) is not None:
                literal = given.value if isinstance(given, ast.Constant) else None
                name = literal or constants.get(ast.unparse(given))
                if isinstance(name, str):
                    yield short(path), name


def _name_given(node: ast.Call) -> ast.expr | None:
    """The argument that names a key, where the call is about a keyring."""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
    place = TAKING.get(called)
    text = ast.unparse(node).lower()
    if place is None or len(node.args) <= place or not ("ring" in text or "keys." in text):
        return None
    return node.args[place]


def test_the_document_is_made_of_the_table() -> None:
    assert read("docs/crypto_inventory.md") == document(), "run: reunion keys inventory"


def test_every_key_that_the_code_names_is_in_the_table() -> None:
    known = {key.name for key in KEYS}
    assert [found for found in named_keys() if found[1] not in known] == []


def test_every_kind_of_key_stands_once() -> None:
    names = [key.name for key in KEYS]
    assert sorted(names) == sorted(set(names))
