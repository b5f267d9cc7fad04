"""The sentences with which a file or a cell is refused: English ids, each saying what to do."""

from __future__ import annotations

from core.i18n import mark

TOO_LARGE = mark("The file is larger than %(limit)s MB. Split it into several files.")
EMPTY = mark("The file is empty. Download the template, fill it in and send it again.")
NOT_A_FILE = mark("There is no such file.")
WRONG_KIND = mark(
    "The file must be Excel (.xlsx) or CSV. Download the template, fill it in and send it again."
)
OLD_EXCEL = mark(
    "This is a workbook of an old kind (.xls). Open it, save it as Excel workbook (.xlsx) "
    "and send that."
)
OPEN_DOCUMENT = mark(
    "This is an OpenDocument workbook (.ods). Open it, save it as Excel workbook (.xlsx) "
    "and send that."
)
BINARY_EXCEL = mark(
    "This is a binary workbook (.xlsb). Open it, save it as Excel workbook (.xlsx) and send that."
)
MACROS = mark(
    "The workbook contains macros. Open it, save it as Excel workbook (.xlsx) without macros "
    "and send that."
)
PASSWORD = mark(
    "The workbook is protected with a password. Open it, remove the password, save it "
    "and send it again."
)
RENAMED = mark(
    "The file is named %(extension)s but is something else inside. Open it with its own program, "
    "save it as Excel workbook (.xlsx) and send that."
)
NOT_A_WORKBOOK = mark(
    "The file is not a workbook. Download the template, fill it in and send it again."
)
DAMAGED = mark("The file is damaged. Open it in Excel, save it under a new name and send that.")
TOO_BIG_INSIDE = mark(
    "The file is far larger inside than it looks. Copy only the rows that are needed "
    "into the template and send that."
)
TOO_MANY_ROWS = mark("The sheet has more than %(limit)s rows. Split it into several files.")
TOO_SLOW = mark("Reading the file takes too long. Split it into several files.")
ENCODING = mark("The letters of the file cannot be read. Save it as “CSV UTF-8” and send it again.")
OPEN_QUOTE = mark(
    "Near row %(row)s a quotation mark is not closed, or a cell is too long. Correct it "
    "and send the file again."
)
NO_HEADINGS = mark(
    "No row with the headings was found in the first 10 rows. Keep the heading row of the template."
)
MISSING_HEADINGS = mark(
    "These columns are missing: %(columns)s. Keep the heading row of the template."
)
TWICE = mark("The column “%(column)s” stands there twice. Keep one of the two.")

BAD_ERROR = mark("The formula in this cell gives an error. Type the value itself.")
BAD_FORMULA = mark(
    "The formula in this cell has no result yet. Open the file in Excel and save it."
)
BAD_LONG = mark("This cell is too long. At most 32,767 characters fit.")
BAD_ROUNDED = mark(
    "This number has more than 15 digits, so Excel rounded it. Format the cell as text "
    "and type it again."
)
BAD_DATE = mark("This is not a day. Write day/month/year, for example 03/11/2026.")
