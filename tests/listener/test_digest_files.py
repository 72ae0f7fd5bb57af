"""Files that open by double click, whole or not at all, under names that no brand can break."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from listener.digest import files
from listener.digest.build import build
from listener.digest.data import DigestData
from tests.listener.bakery import DAY, bakery, fill


@pytest.fixture
def data(tmp_path: Path) -> Iterator[DigestData]:
    with bakery(tmp_path) as place:
        fill(place)
        yield build(place.store, "Sonnenkorn", DAY)


def test_a_page_with_its_picture_a_text_and_the_data(tmp_path: Path, data: DigestData) -> None:
    folder = tmp_path / "new" / "digests"
    html, text, kept = files.write(folder, data, "de")
    assert sorted(one.name for one in folder.iterdir()) == [
        f"2026-11-21-sonnenkorn.{ending}" for ending in ("html", "json", "txt")
    ]
    assert 'src="data:image/png;base64,' in html.read_text("utf-8")
    assert "cid:" not in html.read_text("utf-8")
    assert text.read_text("utf-8").startswith("Sonnenkorn · Tagesbericht")
    assert DigestData.model_validate(json.loads(kept.read_text("utf-8"))) == data


@pytest.mark.parametrize("step", ["write_text", "replace"])
def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, data: DigestData, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    paths = files.write(tmp_path / "out", data, "de")
    before = [path.read_bytes() for path in paths]

    def full_disk(self: Path, *_: object, **__: object) -> None:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, step, full_disk)
    with pytest.raises(OSError, match="No space"):
        files.write(tmp_path / "out", data, "en")
    assert [path.read_bytes() for path in paths] == before
    assert len(list((tmp_path / "out").iterdir())) == 3


@pytest.mark.parametrize(
    ("brand", "start"),
    [
        ("Sonnenkorn", "sonnenkorn"),
        ("Backhaus Nord", "backhaus-nord"),
        ("Bäckerei Süß", "baeckerei-suess-"),
        ("../../etc/passwd", "etc-passwd-"),
        ("C:\\x\0y", "c-x-y-"),
        ("パン", ""),
        ("a" * 500, "a" * 60 + "-"),
    ],
)
def test_a_name_stays_in_the_folder(brand: str, start: str) -> None:
    name = files.stem(brand, date(2026, 11, 21))
    assert name.startswith(f"2026-11-21-{start}")
    assert name.replace("-", "").isalnum()
    assert name.isascii()
    assert len(name) < 90


def test_brands_that_read_alike_have_files_of_their_own() -> None:
    brands = ["Bäckerei", "Baeckerei", "BÄCKEREI", "baeckerei", "Baeckerei!", "Baeckerei ", "パン", "麺"]
    assert len({files.slug(brand) for brand in brands}) == len(brands)
