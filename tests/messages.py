"""Every text of ours that is put before people, found in the code itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from django.template import Engine, Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from tests.sources import APPS, ROOT, python_files, templates

MARKED = re.compile(r"""\b_\("([^"]+)"\)""")
MARKS = {"_", "lazy", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}


def messages() -> dict[str, str]:
    """Message → the first file that has it."""
    found: dict[str, str] = {}
    for path in python_files():
        if path.parts[0] in APPS:
            for text in of_module((ROOT / path).read_text()):
                found.setdefault(text, str(path))
    for path in [*templates(), *templates("txt")]:
        for text in of_template(Engine.get_default().from_string((ROOT / path).read_text())):
            found.setdefault(text, str(path))
    return found


def of_module(source: str) -> Iterator[str]:
    """Texts that a module marks by ``_`` and its kin."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args or not isinstance(node.func, ast.Name):
            continue
        text = node.args[0]
        if node.func.id in MARKS and isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield text.value


def of_template(template: Template) -> Iterator[str]:
    """Texts that a template marks by a tag or as ``_("…")`` in an expression, wherever they are nested."""
    yield from MARKED.findall(template.source)
    for node in template.nodelist.get_nodes_by_type(TranslateNode):
        marked = node.filter_expression.var  # type: ignore[attr-defined]
        if isinstance(getattr(marked, "literal", None), str):
            yield marked.literal
    for node in template.nodelist.get_nodes_by_type(BlockTranslateNode):
        yield node.render_token_list(node.singular)[0]  # type: ignore[attr-defined]
