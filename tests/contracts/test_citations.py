"""Documents that are cited exist, with the headings that are cited, and their tables are those of the code."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from accounts.roles import Right
from alarms.rules import EscalationRule
from config.browser_types import browser_types
from config.diagrams import events_page, settings_page, states_page
from config.rule_tables import TABLES, names_in, with_tables
from core.data_files import document

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
RULES = sorted((DOCS / "rules").glob("*.md"))
LEFT_OUT = {"node_modules", "var", "__pycache__"}
KINDS = {".py", ".js", ".css", ".html", ".md", ".json", ".csv", ".txt", ".po", ".sql"}
FOLDERS = [path for path in ROOT.iterdir() if path.is_dir() and path.name not in LEFT_OUT and path.name[0] != "."]
READ = [path for path in ROOT.iterdir() if path.suffix in {*KINDS, ".toml", ".in", ".yml"} or path.name == "sigap"]
READ += [path for folder in FOLDERS for path in folder.rglob("*") if path.suffix in KINDS]

CITED = re.compile(r"\bdocs/[\w./-]+?\.md(?:#[\w-]+)?")
DECISION = re.compile(r"(?:\bdocs/decisions/|\bdecision\s)(\d{4})\b")
LINK = re.compile(r"\]\(((?!https?:|mailto:)[^)\s]*)\)")
SOURCE = re.compile(r"`((?:\w+/)+[\w.-]*)`")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)

# The numbered chapters and the papers that the rules were taken from: nobody can look them up.
CHAPTER = re.compile(r"""(?<!["'`\w-])D(?:3b?|[4-9]|10)\b(?!["'`-])""")
PAPER = re.compile(r"\b(?:interfaces|product|decisions|style|requirements|targets|domain|write-path)\.md\b")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = HEADING.findall(CODE_BLOCK.sub("", text_of(page)))
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)


def is_there(page: Path, anchor: str) -> bool:
    return page.exists() and (not anchor or anchor in anchors(page))


def test_each_cited_document_and_heading_exists() -> None:
    missing = [
        f"{path.relative_to(ROOT)}: {cited}"
        for path in READ
        for cited in CITED.findall(text_of(path))
        if not is_there(ROOT / cited.partition("#")[0], cited.partition("#")[2])
    ]
    assert missing == []


def test_each_cited_decision_exists() -> None:
    numbers = {path.name[:4] for path in (DOCS / "decisions").glob("*.md")}
    missing = [
        f"{path.relative_to(ROOT)}: {number}"
        for path in READ
        for number in DECISION.findall(text_of(path))
        if number not in numbers
    ]
    assert missing == []


def test_nothing_cites_a_paper_that_is_not_in_the_repository() -> None:
    left = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in READ
        if path.suffix in {".py", ".js", ".css", ".html", ".md", ".json"} and path != Path(__file__)
        for found in (*CHAPTER.finditer(text_of(path)), *PAPER.finditer(text_of(path)))
    ]
    assert left == []


def test_each_link_between_documents_leads_to_a_file_and_a_heading() -> None:
    missing = []
    for page in (path for path in READ if path.suffix == ".md"):
        for link in LINK.findall(CODE_BLOCK.sub("", text_of(page))):
            file, _, anchor = link.partition("#")
            target = (page.parent / file).resolve() if file else page
            if not (is_there(target, anchor) if target.suffix == ".md" else target.exists()):
                missing.append(f"{page.relative_to(ROOT)}: {link}")
    assert missing == []


def test_each_source_file_that_a_rule_names_exists() -> None:
    named = [(page.name, name) for page in RULES for name in SOURCE.findall(text_of(page))]
    assert [(page, name) for page, name in named if not (ROOT / name).exists()] == []


def test_the_pages_and_tables_that_are_made_from_the_code_are_current() -> None:
    assert text_of(DOCS / "rules" / "states.md") == states_page(), "run ./sigap write_docs"
    assert text_of(DOCS / "settings.md") == settings_page(), "run ./sigap write_docs"
    assert text_of(DOCS / "events.md") == events_page(), "run ./sigap write_docs"
    assert text_of(DOCS.parent / "types" / "api.d.ts") == browser_types(), "run ./sigap write_docs"
    with_marks = [DOCS / "architecture.md", *RULES]
    outdated = [page.name for page in with_marks if text_of(page) != with_tables(text_of(page))]
    assert outdated == [], "run ./sigap write_docs"
    assert sorted(name for page in with_marks for name in names_in(text_of(page))) == sorted(TABLES)


def test_each_escalation_rule_has_a_section_that_shows_whether_it_is_built() -> None:
    page = text_of(DOCS / "rules" / "escalation.md")
    sections = dict(re.findall(r"^## Rule (\d+)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    built = {rule["rule"] for rule in document("defaults/escalation_rules.json")["rules"]}
    assert [int(number) for number in sections] == list(EscalationRule)
    without = {int(number) for number, text in sections.items() if "opens no alarm" in " ".join(text.split())}
    assert without == set(EscalationRule) - built


def test_each_right_is_explained() -> None:
    page = text_of(DOCS / "rules" / "roles.md")
    section = page.partition("\n## Rights\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `([a-z_.]+)` \|", section, re.MULTILINE) == [str(right) for right in Right]


def test_each_page_of_rules_is_in_their_table_of_contents() -> None:
    contents = text_of(DOCS / "rules" / "README.md")
    assert [page.name for page in RULES if page.name != "README.md" and f"]({page.name})" not in contents] == []
