"""No page says anything in one language only: templates translate, and scripts get their words from the page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
MODULES = sorted(path for pattern in ("web/*.py", "*/pages/**/*.py", "*/pages.py") for path in ROOT.glob(pattern))

# What is the same in every language: the name, what is printed on keys, symbols of units, codes.
EVERYWHERE = {"Sigap", "Alt", "Ctrl", "Shift", "Enter", "Esc", "Tab", "Home", "End", "km", "kn", "m", "FMS"}
CODE = re.compile(r"[A-Z]?\d+[A-Z]?|F\d+|[A-Z]")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
TEXT_ATTRIBUTES = {
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "aria-valuetext",
    "label",
    "placeholder",
    "title",
}
MACHINES = {"any maskable"}  # values of formats that look like words
HOLE = "\ufffc"

_COMMENT = re.compile(r"\{#.*?#\}|\{% *comment\b.*?\{% *endcomment *%\}", re.DOTALL)
_TRANSLATED = re.compile(r"\{% *blocktrans(?:late)?\b.*?\{% *endblocktrans(?:late)? *%\}", re.DOTALL)
_CLASSES = re.compile(r"\{% *block +\w*class\w* *%\}.*?\{% *endblock\b.*?%\}", re.DOTALL)
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_SET = re.compile(
    r"""(?:\.(?:textContent|innerText|title|placeholder|alt|ariaLabel|ariaDescription)\s*=(?!=)"""
    r"""|setAttribute\(\s*["'](?:title|placeholder|alt|aria-label|aria-description)["']\s*,)\s*(["'`])(.*?)\1"""
)


def foreign_words(text: str) -> list[str]:
    """The words of a text that aren't the same in every language."""
    return [
        word
        for word in WORD.findall(text)
        if word not in EVERYWHERE and not CODE.fullmatch(word) and not word.isdigit()
    ]


class TextCollector(HTMLParser):
    """The texts of a piece of HTML that people read or hear: its text nodes and its text attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.mute = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self.mute = tag
        given = dict(attrs)
        attributes = TEXT_ATTRIBUTES | (
            {"value"} if tag == "input" and given.get("type") in {"submit", "button", "reset"} else set()
        )
        self.texts += [value for name, value in attrs if name in attributes and value]

    def handle_endtag(self, tag: str) -> None:
        if tag == self.mute:
            self.mute = ""

    def handle_data(self, data: str) -> None:
        if not self.mute:
            self.texts.append(data)


def texts_in(markup: str) -> list[str]:
    parser = TextCollector()
    parser.feed(markup)
    parser.close()
    return [text for text in parser.texts if foreign_words(text)]


def template_words(source: str) -> list[str]:
    """The texts of a template that are not translated."""
    for pattern in (_COMMENT, _TRANSLATED, _CLASSES, _TAG):
        source = pattern.sub(HOLE, source)
    return texts_in(source)


_TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/"""
    r"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'"""
    # A regular expression, not a division: it follows an operator or an opening bracket.
    r"""|(?<=[(,=:\[!&|?{};\n+])\s*/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*"""
    r"""|(?:html|svg)?`|[{}]""",
    re.DOTALL,
)


def markup_of(script: str) -> Iterator[str]:
    """The text of each `html` and `svg` template of a script, with a hole for each expression."""
    depth: list[tuple[list[str] | None, int]] = []  # templates we are inside of, with the braces open in their hole
    position = 0
    while match := _TOKEN.search(script, position):
        token, position = match[0].lstrip(), match.end()
        if token == "{":
            if depth:
                depth[-1] = (depth[-1][0], depth[-1][1] + 1)
        elif token == "}":
            if not depth:
                continue
            depth[-1] = (depth[-1][0], depth[-1][1] - 1)
            if depth[-1][1] == 0:
                position, parts, ended = _literal(script, position, depth.pop()[0])
                if ended:
                    yield from parts
                else:
                    depth.append((parts, 1))
        elif token.endswith("`"):
            position, parts, ended = _literal(script, position, [] if len(token) > 1 else None)
            if ended:
                yield from parts
            else:
                depth.append((parts, 1))


def _literal(script: str, position: int, parts: list[str] | None) -> tuple[int, list[str], bool]:
    """Read a template on: up to its next expression, or its end with its whole text."""
    match = re.compile(r"((?:\\.|\$(?!\{)|[^\\`$])*)(`|\$\{)", re.DOTALL).match(script, position)
    assert match, "a template that doesn't end"
    text = None if parts is None else [*parts, match[1]]
    if match[2] == "`":
        return match.end(), [HOLE.join(text)] if text else [], True
    return match.end(), text, False  # type: ignore[return-value]


def script_words(source: str) -> list[str]:
    """The texts that a script contains itself."""
    found = [text for markup in markup_of(source) for text in texts_in(markup)]
    assigned = (re.sub(r"\$\{[^}]*\}", HOLE, match[2]) for match in _SET.finditer(source))
    return found + [text for text in assigned if foreign_words(text)]


def module_words(source: str) -> list[str]:
    """Sentences of a page's Python that no translation gets to see: strings of several words outside `_()`."""
    tree = ast.parse(source)
    quiet: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext"}:
                quiet |= {id(each) for each in ast.walk(node)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            quiet.add(id(node.value))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in quiet
        and node.value not in MACHINES
        and re.search(r"[^\W\d_] [^\W\d_]", node.value)
    ]


def untold(paths: list[Path], words) -> dict[str, list[str]]:
    found = {str(path.relative_to(ROOT)): words(path.read_text(encoding="utf-8")) for path in paths}
    return {name: texts for name, texts in found.items() if texts}


def test_templates_say_nothing_untranslated():
    assert not untold(PAGES, template_words)


def test_scripts_have_no_words_of_their_own():
    assert not untold(SCRIPTS, script_words)


def test_the_words_that_pages_hand_to_scripts_go_through_translation():
    assert not untold(MODULES, module_words)


@pytest.mark.parametrize(
    ("words", "source", "texts"),
    [
        (template_words, '<p title="{% translate "Calls" %}">{{ name }} · Sigap {# none #}</p>', []),
        (template_words, "<p>Calls {% if a %}x{% endif %}</p>", ["Calls \ufffcx\ufffc"]),
        (template_words, "<kbd>Alt</kbd><kbd>F8</kbd><b>P1</b><script>let words = 1;</script>", []),
        (template_words, '<input placeholder="Name">', ["Name"]),
        (script_words, "html`<p class=${a ? `big ${b}` : 'x'}>${html`<b>${words.calls}</b>`} · ${n} km</p>`", []),
        (script_words, "const s = `plain text`; html`<b title='Mute'>${a}</b>`", ["Mute"]),
        (script_words, "html`<p>${list.map((x) => { return html`<i>Late</i>`; })} more</p>`", ["Late", "\ufffc more"]),
        (script_words, "const quote = /[`'\"]/g; html`<p>Late</p>`", ["Late"]),
        (script_words, 'row.title = "Late"; row.title === "Late"', ["Late"]),
        (
            module_words,
            '"""A page."""\nwords = {"a": _("Two words"), "b": "Two words", "c": "console.html"}',
            ["Two words"],
        ),
    ],
)
def test_the_check_itself_hears(words, source, texts):
    assert words(source) == texts
