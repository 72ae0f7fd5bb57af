"""Names that people give to what platforms know by an id."""

import pytest

from connectors.errors import AuthError
from connectors.naming import the_one

KNOWN = {"1": ("Bakery, High Street", "Bakery"), "2": ("Bakery, Quay", "Bakery"), "3": ("Café", "Café")}


def test_any_of_its_names_in_any_case() -> None:
    assert the_one("CAFÉ", KNOWN, "places") == "3"
    assert the_one("bakery, quay", KNOWN, "places") == "2"


def test_several_of_one_name_are_listed_with_their_ids() -> None:
    with pytest.raises(AuthError, match=r"several places .*High Street: 1; Bakery, Quay: 2"):
        the_one("Bakery", KNOWN, "places")


def test_the_closest_names_come_first() -> None:
    with pytest.raises(AuthError, match="there are: Café; Bakery"):
        the_one("Cafe", KNOWN, "places")
    with pytest.raises(AuthError, match="there are: none at all"):
        the_one("Cafe", {}, "places")
