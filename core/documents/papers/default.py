"""Builds the Word template the system is delivered with; a locality opens the result and edits it.

Sizes follow appendix 3 of 36-HD/VPTW (2018), kept by 05-HD/VPTW (2026): A4, margins 20/20/30/15
mm, Times New Roman, body 14 pt with lines of exactly 18 pt, first lines set in by 10 mm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.documents.papers.word import TWIPS, paragraph

FONT: Final = "Times New Roman"
CODE_FONT: Final = "Courier New"

# Widths of the two halves of the head, and of the signatures, in millimetres.
HEAD: Final = (79, 86)
SIGNATURES: Final = (82.5, 82.5)

# How far the rule under "ĐẢNG CỘNG SẢN VIỆT NAM" is set in on each side, by the size of that
# line, so that it is as long as the line (72.9 mm at 15 pt, 68.0 mm at 14 pt) and a little longer,
# or a printer whose letters are a trifle wider would break the line.
RULE_INDENT: Final = {15: 5.5, 14: 8.0}

_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_SPACES: Final = f'xmlns:w="{_WORD}" xmlns:r="{_RELATIONS}"'
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style: sizes and spaces in points, indents in millimetres."""

    name: str
    size: float = 14
    bold: bool = False
    italic: bool = False
    align: str = "left"
    before: float = 0
    after: float = 0
    line: float = 0  # 0: as high as the letters need; otherwise exactly this
    first: float = 0
    sides: float = 0
    keep: bool = False
    outline: int | None = None
    font: str = FONT
    rule: bool = False

    @property
    def key(self) -> str:
        """The id of the style: its name without spaces."""
        return self.name.replace(" ", "")


STYLES: Final = (
    Style("Party Head", align="center"),
    Style("Party Head Bold", align="center", bold=True),
    Style("Party Place", align="center", italic=True, before=4),
    Style("Party Motto", 15, bold=True, align="center", sides=RULE_INDENT[15], rule=True),
    Style("Party Title", 16, bold=True, align="center", before=20, keep=True),
    Style("Party Subtitle", bold=True, align="center", keep=True),
    Style("Party Line", align="center", after=6, keep=True),
    Style("Party Body", align="both", before=6, line=18, first=10),
    Style("Party Heading 1", bold=True, before=6, line=18, first=10, keep=True, outline=0),
    Style("Party Heading 2", bold=True, before=6, line=18, first=10, keep=True, outline=1),
    Style("Party Name", 13, line=15.5),
    Style("Party Cell", 13, before=2, after=2),
    Style("Party Cell Compact", 12),
    Style("Party Table Head", 13, bold=True, align="center", before=2, after=2, keep=True),
    Style("Party Recipients", keep=True),
    Style("Party Recipient", 12, keep=True),
    Style("Party Signer", bold=True, align="center", keep=True),
    Style("Party Role", align="center", keep=True),
    Style("Party Remark", align="center", italic=True, keep=True),
    Style("Party Signed", bold=True, align="center", before=68),
    Style("Party Slip", 12, after=2),
    Style("Party Slip Note", 10.5, italic=True, before=2),
    Style("Party Code", 15, bold=True, align="center", after=4, font=CODE_FONT),
    Style("Party Footnote", 10, italic=True),
    Style("Party Page Number", align="center"),
)


def parts() -> dict[str, str]:
    """Give the parts of the template, by their names within the file."""
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations({"officeDocument": "word/document.xml"}),
        "word/document.xml": _document(),
        "word/_rels/document.xml.rels": _relations(
            {
                "styles": "styles.xml",
                "settings": "settings.xml",
                "header#following": "header1.xml",
                "header#first": "header2.xml",
                "footer#following": "footer1.xml",
                "footer#first": "footer2.xml",
            }
        ),
        "word/styles.xml": _styles(),
        "word/settings.xml": _settings(),
        "word/header1.xml": _part("hdr", _page_number()),
        "word/header2.xml": _part("hdr", _text("Party Page Number", "")),
        "word/footer1.xml": _part("ftr", _text("Party Footnote", "{{ footnote }}")),
        "word/footer2.xml": _part("ftr", _text("Party Footnote", "{{ footnote }}")),
    }


# ------------------------------------------------------------------------------ document


def _document() -> str:
    content = "".join(
        (
            _text("Party Line", "{%p if framed %}"),
            _pair(_head_left(), _head_right(), HEAD),
            _text("Party Title", "{{ title }}"),
            _text("Party Line", "{%p if subtitle %}"),
            _text("Party Subtitle", "{{ subtitle }}"),
            _text("Party Line", "{%p endif %}"),
            _text("Party Line", "-----"),
            _text("Party Line", "{%p endif %}"),
            _text("Party Body", "{{p body }}"),
            _text("Party Line", "{%p if framed and (recipients or right_signer) %}"),
            _text("Party Line", ""),
            _pair(
                _recipients("recipients and not left_signer") + _signer("left"), _signer("right")
            ),
            _text("Party Line", "{%p if left_signer %}"),
            _recipients("recipients"),
            _text("Party Line", "{%p endif %}"),
            _text("Party Line", "{%p endif %}"),
        )
    )
    return f"{_XML}<w:document {_SPACES}><w:body>{content}{_section()}</w:body></w:document>"


def _head_left() -> str:
    return "".join(
        (
            _text("Party Head", "{{ upper_body }}"),
            _text("Party Head Bold", "{{ issuing_body }}"),
            _text("Party Head", "*"),
            _text("Party Head", "{%p if number_line %}"),
            _text("Party Head", "{{ number_line }}"),
            _text("Party Head", "{%p endif %}"),
            _text("Party Head", "{%p if draft_line %}"),
            _text("Party Head", "{{ draft_line }}"),
            _text("Party Head", "{%p endif %}"),
        )
    )


def _head_right() -> str:
    motto = _text("Party Motto", "ĐẢNG CỘNG SẢN VIỆT NAM")
    return motto + _text("Party Place", "{{ place_and_day }}")


def _recipients(condition: str) -> str:
    heading = '<w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t>Nơi nhận:</w:t></w:r>'
    return "".join(
        (
            _text("Party Line", f"{{%p if {condition} %}}"),
            paragraph("PartyRecipients", heading),
            _text("Party Line", "{%p for line in recipients %}"),
            _text("Party Recipient", "- {{ line }}"),
            _text("Party Line", "{%p endfor %}"),
            _text("Party Line", "{%p endif %}"),
        )
    )


def _signer(side: str) -> str:
    signer = f"{side}_signer"
    return "".join(
        (
            _text("Party Line", f"{{%p if {signer} %}}"),
            _text("Party Line", f"{{%p for role in {signer}.roles %}}"),
            _text("Party Line", "{%p if loop.first %}"),
            _text("Party Signer", "{{ role }}"),
            _text("Party Line", "{%p else %}"),
            _text("Party Role", "{{ role }}"),
            _text("Party Line", "{%p endif %}"),
            _text("Party Line", "{%p endfor %}"),
            _text("Party Line", f"{{%p if {signer}.note %}}"),
            _text("Party Remark", f"{{{{ {signer}.note }}}}"),
            _text("Party Line", "{%p endif %}"),
            _text("Party Signed", f"{{{{ {signer}.name }}}}"),
            _text("Party Line", "{%p endif %}"),
            _text("Party Recipient", ""),
        )
    )


def _text(style: str, text: str) -> str:
    content = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""
    return paragraph(style.replace(" ", ""), content)


def _pair(left: str, right: str, widths: tuple[float, float] = SIGNATURES) -> str:
    """Write two unruled cells side by side that stay on one page."""
    sizes = [round(width * TWIPS) for width in widths]
    margins = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("left", "right"))
    columns = "".join(f'<w:gridCol w:w="{size}"/>' for size in sizes)
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/></w:tcPr>{content}</w:tc>'
        for size, content in zip(sizes, (left, right), strict=True)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(sizes)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr></w:tbl>"
    )


def _section() -> str:
    references = "".join(
        f'<w:{kind}Reference w:type="{when}" r:id="{kind}{name}"/>'
        for kind in ("header", "footer")
        for when, name in (("default", "following"), ("first", "first"))
    )
    top, bottom, left, right, edge = (round(size * TWIPS) for size in (20, 20, 30, 15, 10))
    return (
        f'<w:sectPr>{references}<w:pgSz w:w="11906" w:h="16838"/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}"'
        f' w:header="{edge}" w:footer="{edge}" w:gutter="0"/><w:titlePg/></w:sectPr>'
    )


def _page_number() -> str:
    """Write the number of the page, hidden where the paper is a sheet of slips."""
    marks = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    code = '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    return paragraph("PartyPageNumber", code.join(marks))


def _part(kind: str, content: str) -> str:
    return f"{_XML}<w:{kind} {_SPACES}>{content}</w:{kind}>"


# -------------------------------------------------------------------- styles and the rest


def _styles() -> str:
    language = '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="vi-VN"/>'
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(FONT)}{_size(14)}{language}</w:rPr>"
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        f"<w:qFormat/><w:rPr>{_fonts(FONT)}{_size(14)}</w:rPr></w:style>"
    )
    own = "".join(_style(style) for style in STYLES)
    return f"{_XML}<w:styles {_SPACES}>{defaults}{normal}{own}</w:styles>"


def _style(style: Style) -> str:
    face = ("<w:b/><w:bCs/>" if style.bold else "") + ("<w:i/><w:iCs/>" if style.italic else "")
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{style.key}">'
        f'<w:name w:val="{style.name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{_paragraph_properties(style)}</w:pPr>"
        f"<w:rPr>{_fonts(style.font)}{face}{_size(style.size)}</w:rPr></w:style>"
    )


def _paragraph_properties(style: Style) -> str:
    """Write what a style says of paragraphs, in the order the format wants."""
    keep = "<w:keepNext/>" if style.keep else ""
    rule = '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1"/></w:pBdr>' if style.rule else ""
    exact = f' w:line="{style.line * 20:.0f}" w:lineRule="exact"' if style.line else ""
    spacing = f'<w:spacing w:before="{style.before * 20:.0f}" w:after="{style.after * 20:.0f}"'
    sides = round(style.sides * TWIPS)
    first = round(style.first * TWIPS)
    indent = f'<w:ind w:left="{sides}" w:right="{sides}" w:firstLine="{first}"/>'
    outline = "" if style.outline is None else f'<w:outlineLvl w:val="{style.outline}"/>'
    align = f'<w:jc w:val="{style.align}"/>'
    return f"{keep}<w:widowControl/>{rule}{spacing}{exact}/>{indent}{align}{outline}"


def _fonts(font: str) -> str:
    names = " ".join(f'w:{kind}="{font}"' for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
    return f"<w:rFonts {names}/>"


def _size(points: float) -> str:
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def _settings() -> str:
    office = "http://schemas.microsoft.com/office/word"
    mode = f'w:name="compatibilityMode" w:uri="{office}" w:val="15"'
    return (
        f'{_XML}<w:settings {_SPACES}><w:zoom w:percent="100"/>'
        f'<w:defaultTabStop w:val="720"/><w:compat><w:compatSetting {mode}/></w:compat>'
        f'<w:themeFontLang w:val="vi-VN"/></w:settings>'
    )


def _relations(targets: dict[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="{key.replace("#", "")}" Target="{target}"'
        f' Type="{_RELATIONS}/{key.partition("#")[0]}"/>'
        for key, target in targets.items()
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _content_types() -> str:
    kinds = {
        "document": "document.main",
        "styles": "styles",
        "settings": "settings",
        "header1": "header",
        "header2": "header",
        "footer1": "footer",
        "footer2": "footer",
    }
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{relations}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
