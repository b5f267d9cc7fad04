"""Prints a paper as Word and as PDF; imported by `render` when something is printed."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import lru_cache
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import typst
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment

from core.documents.paper import Paper
from core.documents.papers import default, word
from core.documents.papers.layout import arranged
from core.documents.render import PAPERS, PDF_TEMPLATE, SAMPLES, WORD_TEMPLATE, sample_paper
from core.errors import RuleBroken
from core.i18n import _

# Kept for archives and for screen readers; a text with a letter that no font has cannot be both,
# and is printed without the promise rather than not at all.
PDF_STANDARDS: Final = ("a-2a", "ua-1")

LARGEST_TEMPLATE: Final = 20 * 1024 * 1024  # unpacked, in bytes
UNDATED: Final = datetime(2000, 1, 1, tzinfo=UTC)
BRACES: Final = (("{{", "}}"), ("{%", "%}"), ("{#", "#}"))
SIGNER_PARTS: Final = ("roles", "name", "note")


class _Markup(str):
    """Text that is already in the language of Word."""

    __slots__ = ()

    def __html__(self) -> str:
        """Tell the template that nothing is left to be escaped."""
        return self


# --------------------------------------------------------------------------------- Word


def render_docx(paper: Paper, template: Path | None = None) -> bytes:
    """Print the paper as a Word file; a template that cannot be filled raises RuleBroken."""
    document = DocxTemplate(template or WORD_TEMPLATE)
    try:
        document.init_docx()
        document.render(_word_context(paper, document.docx), _environment())
    except TemplateError as error:
        raise RuleBroken(
            _("The template cannot be filled: %(reason)s. Check the template.", reason=error)
        ) from error
    _fit_head(document.docx, paper.head_points)
    _describe(document.docx, paper)
    packed = BytesIO()
    document.docx.save(packed)
    return _with_fixed_days(packed.getvalue())


def _word_context(paper: Paper, document: Any) -> dict[str, Any]:
    context = arranged(paper)
    section = document.sections[0]
    width = (section.page_width - section.left_margin - section.right_margin) / Mm(1)
    context["body"] = _Markup(word.body(context.pop("blocks"), width))
    return context


def _environment() -> SandboxedEnvironment:
    """Give what fills templates: people write them, so they may not reach Python."""
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _fit_head(document: Any, points: int) -> None:
    """Print a long head smaller, by its styles; a template without these styles stays as it is."""
    sizes = {"Party Head": 0, "Party Head Bold": 0, "Party Place": 0, "Party Motto": 1}
    for style in document.styles:
        if style.name in sizes:
            style.font.size = Pt(points + sizes[style.name])
        if style.name == "Party Motto":
            indent = Mm(default.RULE_INDENT[points + 1])
            style.paragraph_format.left_indent = indent
            style.paragraph_format.right_indent = indent


def _describe(document: Any, paper: Paper) -> None:
    properties = document.core_properties
    properties.title = paper.full_title[:255]
    properties.author = properties.last_modified_by = paper.issuing_body[:255]
    properties.language = paper.language
    properties.revision = 1
    properties.created = properties.modified = _day_of(paper)


def _day_of(paper: Paper) -> datetime:
    day = paper.day
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else UNDATED


def _with_fixed_days(packed: bytes) -> bytes:
    """Pack a file anew so that it carries nothing of the time and the machine it was made on."""
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        return _packed({name: archive.read(name) for name in archive.namelist()})


def _packed(parts: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(parts):  # "[Content_Types].xml" comes first
            entry = zipfile.ZipInfo(name)
            entry.create_system = 0
            archive.writestr(entry, parts[name], zipfile.ZIP_DEFLATED, 6)
    return target.getvalue()


def build_default_template() -> bytes:
    """Build the Word template the system is delivered with (papers/paper.docx)."""
    return _packed({name: part.encode() for name, part in default.parts().items()})


# ---------------------------------------------------------------------------------- PDF


def render_pdf(paper: Paper, template: Path | None = None) -> bytes:
    """Print the paper as a tagged PDF; a template that cannot be filled raises RuleBroken."""
    source = (template or PDF_TEMPLATE).read_bytes()
    try:
        return _compiled(source, paper)
    except typst.TypstError as error:
        raise RuleBroken(
            _("The template cannot be filled: %(reason)s. Check the template.", reason=error)
        ) from error


def _compiled(source: bytes, paper: Paper) -> bytes:
    data = {"paper": json.dumps(arranged(paper), ensure_ascii=False)}
    try:
        return _pdf(source, data, _day_of(paper), list(PDF_STANDARDS))
    except typst.TypstError:
        return _pdf(source, data, _day_of(paper), [])


def _pdf(source: bytes, data: dict[str, str], day: datetime, standards: list[Any]) -> bytes:
    # A compiler is made for each attempt: after a failure it does not find its source again.
    compiler = typst.Compiler(source, root=PAPERS, font_paths=_fonts(), sys_inputs=data)
    result: Any = compiler.compile(format="pdf", timestamp=day, pdf_standards=standards)
    return bytes(result)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Load our own fonts only: the same lines on every machine."""
    return typst.Fonts(include_system_fonts=False, font_paths=[PAPERS / "fonts"])


# -------------------------------------------------------------------------------- checks


def check_template(path: Path) -> list[str]:
    """Say what is wrong with a replaced template (.docx or .typ), and where, in sentences.

    An empty list means that every kind of paper can be printed with it.
    """
    return _check_typst(path) if path.suffix == ".typ" else _check_word(path)


def _check_typst(path: Path) -> list[str]:
    source = path.read_bytes()
    if b'"@' in source:
        return [_("The template takes in a package from elsewhere. Remove the line with “@”.")]
    try:
        for kind in SAMPLES:
            _compiled(source, sample_paper(kind))
    except typst.TypstError as error:
        line = re.search(r"\.typ:(\d+):", error.diagnostic or "")
        where = line.group(1) if line else "1"
        return [_("Line %(line)s of the template: %(reason)s.", line=where, reason=error.message)]
    return []


def _check_word(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > LARGEST_TEMPLATE:
            return [_("The template is too large. Make its pictures smaller.")]
        template = DocxTemplate(path)
        template.init_docx()
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        return [_("The file is not a Word document (.docx). Save it as .docx and send it again.")]
    problems = [problem for raw in _sources(template) for problem in _problems(template, raw)]
    if not any(re.search(r"\{\{p\s+body\s*\}\}", text) for text in _paragraphs(template.get_xml())):
        problems.append(
            _("There is no place for the text. Put {{p body }} into a paragraph of its own.")
        )
    return problems or _tried(path)


def _sources(template: Any) -> Iterator[str]:
    yield template.get_xml()
    for kind in (template.HEADER_URI, template.FOOTER_URI):
        for _key, part in template.get_headers_footers(kind):
            yield template.get_part_xml(part)


def _problems(template: Any, raw: str) -> Iterator[str]:
    """Find what the template asks for and does not get, and what is not written correctly."""
    for text in _paragraphs(raw):
        if any(text.count(left) != text.count(right) for left, right in BRACES):
            yield _(
                "Braces are opened and not closed, or the other way: “%(place)s”.",
                place=_short(text),
            )
            return
    # The line ends make every paragraph a line, so that an error says in which one it is.
    source = re.sub(r"<w:p([ >])", r"\n<w:p\1", template.patch_xml(raw))
    environment = _environment()
    try:
        tree = environment.parse(source)
        unknown = find_undeclared_variables(tree)
    except TemplateSyntaxError as error:
        line = source.splitlines()[error.lineno - 1]
        yield _(
            "Not written correctly: “%(place)s” (%(reason)s).",
            place=_short(re.sub(r"<[^>]+>", "", line)),
            reason=error.message,
        )
        return
    known = sorted({*arranged(sample_paper("minutes")), "body"} - {"blocks"})
    for name in sorted(unknown - {*known, *environment.globals}):
        yield _unknown(name, known, raw)
    for node in tree.find_all(nodes.Getattr):
        signer = isinstance(node.node, nodes.Name) and node.node.name.endswith("_signer")
        if signer and node.attr not in SIGNER_PARTS:
            yield _unknown(node.attr, list(SIGNER_PARTS), raw)


def _unknown(name: str, known: list[str], raw: str) -> str:
    word_alone = re.compile(rf"\{{[{{%].*\b{re.escape(name)}\b")
    place = next((text for text in _paragraphs(raw) if word_alone.search(text)), name)
    guess = get_close_matches(name, known, n=1)
    if guess:
        return _(
            "“%(name)s” is not known, in “%(place)s”. Perhaps “%(guess)s” is meant.",
            name=name,
            place=_short(place),
            guess=guess[0],
        )
    return _(
        "“%(name)s” is not known, in “%(place)s”. Known are: %(known)s.",
        name=name,
        place=_short(place),
        known=", ".join(known),
    )


def _paragraphs(raw: str) -> list[str]:
    """Give the texts of all paragraphs, those in tables and boxes too."""
    pieces = re.split(r"<w:p[ >]", raw)
    return [unescape("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)", piece))) for piece in pieces]


def _short(text: str) -> str:
    text = " ".join(unescape(text).split())
    return text if len(text) <= 80 else f"{text[:79]}…"


def _tried(path: Path) -> list[str]:
    """Print every sample: what no reading finds, a trial does."""
    for kind in SAMPLES:
        try:
            render_docx(sample_paper(kind), path)
        except (RuleBroken, SyntaxError, ValueError, KeyError, TypeError) as error:
            return [_("A trial print failed: %(reason)s.", reason=error)]
    return []
