"""Models by name."""

import subprocess
import sys

import pytest

from sentiment.base import ModelError, load


@pytest.mark.parametrize("spec", ["vader", "builtin:x", "transformers", "transformers:", ""])
def test_an_unknown_model_is_told_what_exists(spec: str) -> None:
    with pytest.raises(ModelError, match='"builtin", "transformers:'):
        load(spec)


def test_without_torch_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)

    with pytest.raises(ModelError, match=r"pip install 'social-listening-bot\[torch\]'"):
        load("transformers:some/model")


def test_naming_models_loads_no_heavy_library() -> None:
    code = "import sys, sentiment.base; assert not {'numpy', 'torch', 'transformers'} & sys.modules.keys()"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
