"""What every connector must do, as one test class that runs over the sandbox through real HTTP.

    class TestHackerNews(ContractSuite):
        connector = HackerNews
        face = faces.HackerNews

        def settings(self, url):
            return {"base_url": url, "page_size": self.page_size}

        def spoil(self, body):
            del body["hits"][0]["created_at_i"]
            return body

Cases take no fixtures, so that ``test_contract.py`` can call each on a connector that is wrong on purpose.
Posts are told apart by the number in their text, whatever id their platform gives them.
"""

from tests.connectors.contract.finding import Finding
from tests.connectors.contract.fuzz import Fuzzing
from tests.connectors.contract.suite import HOUR, NOW, SINCE, TERM, Polled, Stage, number_of
from tests.connectors.contract.upkeep import Upkeeping
from tests.connectors.contract.weather import Weathering

__all__ = ["HOUR", "NOW", "SINCE", "TERM", "ContractSuite", "Polled", "Stage", "number_of"]


class ContractSuite(Finding, Weathering, Upkeeping, Fuzzing):
    """Subclass it as ``Test...`` with the attributes of one connector."""
