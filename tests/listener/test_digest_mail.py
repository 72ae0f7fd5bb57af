"""The mail as another program reads it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from listener.digest.build import build
from listener.digest.data import DigestData
from listener.digest.mail import message, message_id
from tests.listener.bakery import DAY, bakery, fill

ID = message_id("bot.example.org", "Sonnenkorn", "2026-11-21", "team@example.org")


@pytest.fixture
def data(tmp_path: Path) -> Iterator[DigestData]:
    with bakery(tmp_path) as place:
        fill(place)
        yield build(place.store, "Sonnenkorn", DAY)


def sent(data: DigestData, recipient: str = "team@example.org") -> EmailMessage:
    """Written, and read by the standard library's parser."""
    mail = message(
        data,
        "de",
        sender="Digest <bot@example.org>",
        recipient=recipient,
        message_id=ID,
        date=datetime(2026, 11, 22, 6, 30, tzinfo=UTC),
    )
    return message_from_bytes(mail.as_bytes(), policy=policy.default)


def test_the_headers(data: DigestData) -> None:
    mail = sent(data.model_copy(update={"brand": "Bäckerei Süß 🥐"}))
    assert mail["Subject"] == (
        "Bäckerei Süß 🥐, 21.11.2026: 4 Erwähnungen (+300 % zum Vortag) · 2 warten auf Antwort · 1 Quelle prüfen"
    )
    assert mail["To"].addresses[0].addr_spec == "team@example.org"
    assert mail["Date"].datetime == datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
    assert mail["Message-ID"] == ID
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"].startswith("<baeckerei-suess-")
    assert mail["List-Id"].endswith(".digest.example.org>")


def test_text_first_then_the_page_with_its_picture(data: DigestData) -> None:
    mail = sent(data)
    text, related = mail.iter_parts()
    assert (text.get_content_type(), related.get_content_type()) == ("text/plain", "multipart/related")
    html, png = related.iter_parts()
    assert text.get_content().startswith("Sonnenkorn · Tagesbericht · Samstag, 21.11.2026")
    assert f'src="cid:{png["Content-ID"].strip("<>")}"' in html.get_content()
    assert png.get_content().startswith(b"\x89PNG")
    assert png.get_content_disposition() == "inline"
    assert max(map(len, mail.as_bytes().splitlines())) < 998


def test_no_header_can_be_smuggled_in(data: DigestData) -> None:
    mail = sent(data.model_copy(update={"brand": "Sonne\r\nBcc: all@example.org"}))
    assert mail["Bcc"] is None
    assert "Bcc: all@example.org" in mail["Subject"]
    with pytest.raises(ValueError, match="linefeed"):
        sent(data, recipient="a@example.org\r\nBcc: all@example.org")


def test_the_message_id_is_stable_and_its_own() -> None:
    args = ("bot.example.org", "Sonnenkorn", "2026-11-21", "team@example.org")
    assert message_id(*args) == ID
    assert ID.endswith("@bot.example.org>")
    others = [message_id(*args[:at], "x", *args[at + 1 :]) for at in range(4)]
    assert len({ID, *others}) == 5
    assert message_id("böse>\r\nBcc: x", "b", "d", "r").endswith("@b-se-bcc-x>")
