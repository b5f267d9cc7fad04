"""E-mail: only where configured, only once, discreet where asked, never with a broken head."""

import smtplib
from dataclasses import replace

import pytest
import sqlalchemy as sa

from core.notices import mailing
from core.notices.mailing import connect, mail_notice
from core.notices.models import NoticeCopy


class Post:
    """A mail server that keeps what it is given and refuses one address."""

    def __init__(self) -> None:
        self.letters = []
        self.refuses = ""
        self.breaks_after = 99

    def __enter__(self):
        return self

    def __exit__(self, *_how):
        return None

    def send_message(self, message):
        if len(self.letters) >= self.breaks_after:
            raise smtplib.SMTPServerDisconnected("gone")
        if message["To"] == self.refuses:
            raise smtplib.SMTPRecipientsRefused({})
        self.letters.append(message)


@pytest.fixture
def post(branch, monkeypatch):
    """Mail is configured, and arrives here."""
    server = Post()
    monkeypatch.setattr(mailing, "connect", lambda _url: server)
    return server


@pytest.fixture
def mailed(branch):
    """The system with e-mail configured."""
    config = replace(
        branch.system.config,
        smtp_url="smtp://mail.example.vn",
        mail_from="hatnhan@example.vn",
        public_url="https://dang.example.vn",
    )
    return replace(branch.system, config=config)


def person(branch, name: str, email: str):
    member = branch.member("B1", name)
    account = branch.account("member", "B1", member=member)
    with branch.work() as work:
        work.session.merge(account).email = email
    return member


def run(system, sent) -> int:
    return mail_notice(system, {"notice": str(sent.notice.id)})


def test_a_letter_has_the_subject_the_text_and_the_way_to_the_inbox(branch, tell, post, mailed):
    sent = tell(person(branch, "Lê Thị Hoa", "hoa@example.vn"), body="Mời đồng chí xem trước.")
    assert run(mailed, sent) == 1
    (letter,) = post.letters
    assert (letter["To"], letter["From"]) == ("hoa@example.vn", "hatnhan@example.vn")
    assert letter["Subject"] == "Tài liệu sinh hoạt tháng 12 đã có"
    text = letter.get_content()
    assert "Mời đồng chí xem trước." in text
    assert f"https://dang.example.vn/inbox/{sent.notice.id}" in text


def test_a_discreet_letter_says_only_that_there_is_something(branch, tell, post, mailed):
    branch.give("core.notices.discreet", True, "W1")
    sent = tell(person(branch, "Lê Thị Hoa", "hoa@example.vn"), body="Mời đồng chí xem trước.")
    run(mailed, sent)
    whole = post.letters[0].as_string() + post.letters[0].get_content()
    assert "Tài liệu" not in whole
    assert "xem trước" not in whole
    assert str(sent.notice.id) in whole


def test_nobody_is_written_to_twice(branch, tell, post, mailed):
    sent = tell(
        person(branch, "Lê Thị Hoa", "hoa@example.vn"),
        person(branch, "Trần Văn Nam", "nam@example.vn"),
    )
    post.breaks_after = 1
    with pytest.raises(smtplib.SMTPServerDisconnected):
        run(mailed, sent)
    post.breaks_after = 99
    assert run(mailed, sent) == 1
    assert sorted(letter["To"] for letter in post.letters) == ["hoa@example.vn", "nam@example.vn"]
    assert run(mailed, sent) == 0


def test_a_wrong_address_keeps_nobody_else_from_being_told(branch, tell, post, mailed):
    sent = tell(
        person(branch, "Lê Thị Hoa", "wrong@example.vn"),
        person(branch, "Trần Văn Nam", "nam@example.vn"),
    )
    post.refuses = "wrong@example.vn"
    assert run(mailed, sent) == 2
    assert [letter["To"] for letter in post.letters] == ["nam@example.vn"]


def test_whoever_has_read_it_already_gets_no_letter(branch, tell, post, mailed):
    sent = tell(person(branch, "Lê Thị Hoa", "hoa@example.vn"))
    with branch.work() as work:
        work.session.get(NoticeCopy, (next(iter(people(work))), sent.notice.id)).read_at = work.now
    assert run(mailed, sent) == 0


def people(work):
    return work.session.scalars(sa.select(NoticeCopy.person_id)).all()


def test_without_a_mail_server_nothing_happens(branch, tell, post):
    sent = tell(person(branch, "Lê Thị Hoa", "hoa@example.vn"))
    assert run(branch.system, sent) == 0
    assert post.letters == []


def test_a_notice_that_is_gone_is_no_fault(branch, post, mailed):
    gone = {"notice": "01890000-0000-7000-8000-000000000000"}
    assert mail_notice(mailed, gone) == 0


def test_a_line_end_in_a_subject_cannot_add_a_head(branch, tell, post, mailed):
    sent = tell(person(branch, "Hoa", "hoa@example.vn"), subject="Việc\r\nBcc: x@example.vn")
    run(mailed, sent)
    assert post.letters[0]["Subject"] == "Việc Bcc: x@example.vn"
    assert post.letters[0]["Bcc"] is None


@pytest.mark.parametrize(
    ("url", "kind", "port", "signed_in"),
    [
        ("smtp://mail.example.vn", "SMTP", 25, None),
        ("smtp://mail.example.vn:587", "SMTP", 587, None),
        ("smtps://u:p%40ss@mail.example.vn", "SMTP_SSL", 465, ("u", "p@ss")),
    ],
)
def test_the_address_of_the_mail_server_is_understood(monkeypatch, url, kind, port, signed_in):
    made = []

    class Server:
        def __init__(self, host, port, **_options):
            self.signed_in = None
            self.encrypted = False
            made.append((self, host, port))

        def ehlo(self):
            return None

        def has_extn(self, _name):
            return True

        def starttls(self, **_options):
            self.encrypted = True

        def login(self, user, password):
            self.signed_in = (user, password)

    monkeypatch.setattr(smtplib, kind, Server)
    connect(url)
    (server, host, used) = made[0]
    assert (host, used, server.signed_in) == ("mail.example.vn", port, signed_in)
    assert server.encrypted is (kind == "SMTP")
