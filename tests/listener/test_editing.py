"""What was looked up is written into the file, and nothing else in it changes."""

import tomllib
from pathlib import Path

import pytest

from listener.config.editing import set_keys

BEFORE = """# My bakery
[[brands]]
name = "Sonnenkorn"   # the brand
query = "sonnenkorn"

[[sources]]
connector = "appstore"
app_id = "Sonnenkorn Bestell-App"
countries = ["de", "at"]  # ours

[[sources]]
connector = "youtube"
name = "Videos"
channels = ["@sonnenkorn"]
"""


def test_the_id_stands_where_the_name_stood(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(BEFORE, "utf-8")
    set_keys(path, "appstore", {"app_id": 123})
    set_keys(path, "Videos", {"channels": ("UC1", "UC2")})
    assert path.read_text("utf-8") == BEFORE.replace(
        '"Sonnenkorn Bestell-App"', "123 # Sonnenkorn Bestell-App"
    ).replace('["@sonnenkorn"]', '["UC1", "UC2"] # @sonnenkorn')
    assert list(tmp_path.iterdir()) == [path]


def test_a_source_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(BEFORE, "utf-8")
    with pytest.raises(LookupError, match="no source 'Blog'"):
        set_keys(path, "Blog", {"feeds": ["x"]})
    assert path.read_text("utf-8") == BEFORE


def test_a_comment_that_stood_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'[[sources]]\r\nconnector = "facebook"\r\npage_id = "Sonnenkorn" # ours\r\n')
    set_keys(path, "facebook", {"page_id": "123"})
    assert path.read_bytes() == (
        b'[[sources]]\r\nconnector = "facebook"\r\npage_id = "123" # Sonnenkorn ours\r\n'
    )


def test_a_link_still_leads_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    real, link = tmp_path / "etc" / "real.toml", tmp_path / "config.toml"
    real.write_text(BEFORE.replace("Sonnenkorn Bestell-App", "Sonnen\\u0007korn"), "utf-8")
    link.symlink_to(real)
    set_keys(link, "appstore", {"app_id": 123})
    assert link.is_symlink()
    assert tomllib.loads(real.read_text("utf-8"))["sources"][0]["app_id"] == 123
    assert {one.name for one in tmp_path.iterdir()} == {"etc", "config.toml"}
