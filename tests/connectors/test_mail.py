"""Mails as they come: encoded, quoted, automatic, broken, hostile."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import mail
from connectors.base import parse_each
from storage.records import Author, Kind, Mention

ARRIVED = datetime(2026, 11, 19, 12, tzinfo=UTC)


def letter(body: str | bytes = "Das Brot war gut.", **headers: str | bytes | None) -> bytes:
    """A mail; header names are written with underscores."""
    given: dict[str, Any] = {
        "From": "Anna <Anna@Example.org>",
        "Subject": "Lob",
        "Message_ID": "<a1@example.org>",
        "Date": "Thu, 19 Nov 2026 11:00:00 +0100",
        **headers,
    }
    lines = [
        name.replace("_", "-").encode() + b": " + (value if isinstance(value, bytes) else value.encode())
        for name, value in given.items()
        if value is not None
    ]
    return b"\r\n".join([*lines, b"", body if isinstance(body, bytes) else body.encode()])


def read(raw: bytes, arrived: datetime | None = ARRIVED) -> Mention:
    found = mail.mention(raw, arrived, "mailbox")
    assert found is not None
    return found


def test_a_mail_is_whole() -> None:
    answer = letter(In_Reply_To="<b2@example.org>", References="<r1@example.org>\r\n <b2@example.org>")
    assert read(answer) == Mention(
        platform="mailbox",
        platform_id="a1@example.org",
        kind=Kind.POST,
        published_at=datetime(2026, 11, 19, 10, tzinfo=UTC),
        title="Lob",
        text="Das Brot war gut.",
        author=Author(platform_id="anna@example.org", handle="anna@example.org", name="Anna"),
        parent_id="b2@example.org",
        thread_id="r1@example.org",
    )


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe?= aus =?iso-8859-1?Q?M=FCnchen?=", "Grüße aus München"),
        ("=?UTF-8?B?QsO2cnNl?=\r\n =?UTF-8?B?bg==?=", "Börsen"),
        ("Grüße", "Grüße"),
        ("Grüße".encode("latin-1"), "Grüße"),
        ("=?utf-8?B?x?= kaputt", "=?utf-8?B?x?= kaputt"),
        ("=?klingon?Q?Gr=FC=DFe?=", "Grüße"),
        ("=?utf-8?Q?Gr=FC=DFe?=", "Grüße"),
        ("null\0byte", "nullbyte"),
    ],
)
def test_subjects(subject: str | bytes, words: str) -> None:
    assert read(letter(Subject=subject)).title == words


@pytest.mark.parametrize(
    ("content_type", "encoding", "body"),
    [
        ("text/plain; charset=utf-8", "8bit", "schön".encode()),
        ("text/plain; charset=iso-8859-1", "quoted-printable", b"sch=F6n"),
        ("text/plain; charset=utf-8", "base64", b"c2Now7Zu"),
        ("text/plain; charset=utf-8", "8bit", "schön".encode("latin-1")),
        ("text/plain; charset=no-such", "8bit", "schön".encode()),
        ("text/plain", "8bit", "schön".encode("cp1252")),
        ('text/plain; charset="a\0b"', "8bit", "schön".encode()),
        ("text/plain; charset=utf-8", "base64", b"c2Now7Zu="),
        ("text/html; charset=utf-8", "8bit", b"<p>sch&ouml;n</p><script>x</script>"),
        ("", "", "schön".encode()),
    ],
)
def test_charsets_and_encodings(content_type: str, encoding: str, body: bytes) -> None:
    headers = {"Content_Type": content_type or None, "Content_Transfer_Encoding": encoding or None}
    assert read(letter(body, **headers)).text == "schön"


def test_the_plain_part_is_preferred_and_attachments_are_left_alone() -> None:
    body = (
        "--x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n"
        "--y\r\nContent-Type: text/html\r\n\r\n<p>markup</p>\r\n"
        "--y\r\nContent-Type: text/plain\r\n\r\nplain words\r\n--y--\r\n"
        "--x\r\nContent-Type: text/plain; name=log.txt\r\n\r\nan attachment\r\n"
        "--x\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=a.png\r\n\r\niVBO"
    )
    assert read(letter(body, Content_Type="multipart/mixed; boundary=x")).text == "plain words"


@pytest.mark.parametrize(
    ("body", "own"),
    [
        ("Nein.\r\n\r\nAm 1.1. schrieb Bernd:\r\n> Gut?\r\n>> Ja?\r\nDoch.\r\n", "Nein.\n\nDoch."),
        ("Gut.\n-- \nAnna Muster\nMusterweg 1", "Gut."),
        ("Gut.\n\n-----Ursprüngliche Nachricht-----\nVon: Bernd\n\nalt", "Gut."),
        ("> nur zitiert\n", "> nur zitiert"),
        ("3 > 2 -- ja: wirklich", "3 > 2 -- ja: wirklich"),
    ],
)
def test_only_what_the_author_wrote(body: str, own: str) -> None:
    assert read(letter(body)).text == own


@pytest.mark.parametrize(
    "header",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto-Submitted": "Auto-Generated; x=y"},
        {"Precedence": "Bulk"},
        {"Return_Path": "<>"},
        {"Content_Type": "multipart/report; boundary=x"},
    ],
)
def test_machines_are_not_heard(header: dict[str, str]) -> None:
    assert mail.mention(letter(**header), ARRIVED, "mailbox") is None
    assert mail.mention(letter(Auto_Submitted="no", Return_Path="<anna@example.org>"), ARRIVED, "mailbox")


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("Thu, 19 Nov 2026 11:00:00 -0000", datetime(2026, 11, 19, 11, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 11:00:00 +0000", datetime(2026, 11, 20, 11, tzinfo=UTC)),
        ("Thu, 1 Jan 2099 11:00:00 +0000", ARRIVED),
        ("Thu, 1 Jan 1970 00:00:01 +0000", ARRIVED),
        ("Thu, 19 Nov 99999 11:00:00 +0000", ARRIVED),
        ("gestern", ARRIVED),
        ("", ARRIVED),
        (None, ARRIVED),
    ],
)
def test_dates(date: str | None, published: datetime) -> None:
    assert read(letter(Date=date)).published_at == published


def test_senders() -> None:
    known = read(letter(From="=?utf-8?Q?M=C3=BCller=2C_Anna?= <A@example.org>")).author
    assert known == Author(platform_id="a@example.org", handle="a@example.org", name="Müller, Anna")
    assert read(letter(From=None)).author is None


def test_without_a_message_id_the_mail_itself_is_the_id() -> None:
    one, same, other = (read(letter(text, Message_ID=None)) for text in ("a", "a", "b"))
    assert one.platform_id == same.platform_id != other.platform_id


def test_a_mail_cut_off_in_its_attachment_keeps_its_words() -> None:
    body = (
        "--x\r\nContent-Type: text/plain\r\n\r\nsee picture\r\n--x\r\nContent-Type: image/png\r\n\r\n"
        + "A" * 99
    )
    raw = letter(body, Content_Type="multipart/mixed; boundary=x")
    assert read(raw[:-50]).text == "see picture"


def hostile() -> dict[str, bytes]:
    """A quarter of a megabyte each."""
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (level, level)
        for level in range(4000)
    )
    return {
        "parts in parts": letter(b"--x\r\n" + nested, Content_Type="multipart/mixed; boundary=x"),
        "comments in comments": letter(From="(" * 250_000),
        "encoded words": letter(Subject="=?utf-8?Q?a?= " * 20_000),
        "half encoded words": letter(Subject="=?utf-8?Q?" * 25_000),
        "one line": letter("a:" * 125_000),
        "quotes": letter(">\n" * 125_000),
        "almost quotes": letter("a:\n\n" * 60_000),
        "dashes": letter("-" * 250_000),
        "tags": letter("<a " * 80_000, Content_Type="text/html"),
        "references": letter(References="<" * 250_000),
        "headers": b"a: b\r\n" * 40_000,
        "addresses": letter(From="a@b," * 60_000),
        "date": letter(Date="1" * 250_000),
    }  # fmt: skip


@pytest.mark.parametrize("name", hostile())
def test_hostile_mails_cost_no_time_and_break_nothing(name: str) -> None:
    began = time.process_time()
    mentions, rejects = parse_each([hostile()[name]], lambda raw: mail.mention(raw, ARRIVED, "mailbox"))
    assert len(mentions) + len(rejects) == 1
    assert time.process_time() - began < 3


@given(
    st.binary(max_size=200),
    st.dictionaries(
        st.sampled_from(
            [
                "From",
                "Subject",
                "Date",
                "Message_ID",
                "References",
                "Content_Type",
                "Content_Transfer_Encoding",
            ]
        ),
        st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace")),
    ),
)
def test_whatever_comes_is_a_mention_or_a_reject(body: bytes, headers: dict[str, bytes]) -> None:
    raw = letter(body, **headers)
    mentions, rejects = parse_each([raw, raw[:100]], lambda one: mail.mention(one, ARRIVED, "mailbox"))
    assert len(mentions) + len(rejects) <= 2
    assert all(one.published_at <= ARRIVED + timedelta(days=1) for one in mentions)
