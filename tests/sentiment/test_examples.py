"""Files of labelled texts: what is read, what is named as bad, what is refused."""

import gzip
from pathlib import Path

import pytest

from sentiment.examples import Example, ExamplesError, read
from storage.records import Label

NEGATIVE, NEUTRAL, POSITIVE = Label


def test_texts_labels_and_languages_are_read_and_bad_lines_named(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(
        b"\xef\xbb\xbfGut\tPositive\r\nSchlecht\tneg\tde\n\nSo so\t3 stars\nmit\tTab\tneutral\n"
        b"kein Label\nfalsch\tbad\n\tneutral\nZeile\x0bzwei\tpositive\n"
    )
    found = read(path)
    assert found.good == [
        Example("Gut", POSITIVE),
        Example("Schlecht", NEGATIVE, "de"),
        Example("So so", NEUTRAL),
        Example("mit Tab", NEUTRAL),
        Example("Zeile\x0bzwei", POSITIVE),
    ]
    assert found.bad == [
        (6, "there is no tab"),
        (7, "'bad' is not negative, neutral or positive"),
        (8, "there is no text"),
    ]


def test_compressed_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv.gz"
    path.write_bytes(gzip.compress(b"Gut\tpositive\n", mtime=0))
    assert read(path).good == [Example("Gut", POSITIVE)]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.tsv", b"", "no line with a text, a tab and a label$"),
        ("a.tsv", b"a,b\n", "line 1: there is no tab"),
        ("a.tsv", "schön\tpositive\n".encode("latin-1"), "save it as UTF-8"),
        ("a.tsv.gz", b"Gut\tpositive\n", "cannot be read"),
        ("a.tsv.gz", gzip.compress(b"Gut\tpositive\n" * 99, mtime=0)[:20], "cannot be read"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, name: str, content: bytes, problem: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ExamplesError, match=problem):
        read(path)
