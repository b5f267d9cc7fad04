"""What can be done with papers: number, issue, void, register, print from a place's templates."""

from core.documents.services.heading import Head, body_code, committee_name, head_of
from core.documents.services.issuing import (
    About,
    draft_bytes,
    file_of,
    files_of,
    issue_document,
    print_bytes,
    print_files,
    reserve_number,
    void_document,
)
from core.documents.services.numbering import (
    Series,
    continue_after,
    last_number,
    series_for,
    term_of,
)
from core.documents.services.register import (
    Filter,
    access_document,
    choices_of,
    documents_about,
    list_documents,
    register_paper,
)
from core.documents.services.templates import (
    access_template,
    add_template,
    checked,
    default_template,
    list_templates,
    preview,
    template_for,
    withdraw_template,
)
from core.documents.services.uploads import Upload, check_upload

__all__ = [
    "About",
    "Filter",
    "Head",
    "Series",
    "Upload",
    "access_document",
    "access_template",
    "add_template",
    "body_code",
    "check_upload",
    "checked",
    "choices_of",
    "committee_name",
    "continue_after",
    "default_template",
    "documents_about",
    "draft_bytes",
    "file_of",
    "files_of",
    "head_of",
    "issue_document",
    "last_number",
    "list_documents",
    "list_templates",
    "preview",
    "print_bytes",
    "print_files",
    "register_paper",
    "reserve_number",
    "series_for",
    "template_for",
    "term_of",
    "void_document",
    "withdraw_template",
]
