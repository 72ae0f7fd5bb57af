"""Models of the Hugging Face hub: fetched once, then found on this machine without a network.

A model is named as on the hub, with a revision behind an ``@`` where it is pinned: ``owner/name@revision``.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sentiment.base import ModelError

RECOMMENDED = "cardiffnlp/twitter-xlm-roberta-base-sentiment@f2f1202b1bdeb07342385c3f807f9c07cd8f5cf8"

_FILES = ("*.json", "*.txt", "*.model", "model*.safetensors", "pytorch_model*.bin")
"""Configuration, tokenizer, weights; each repository holds the weights in several formats."""
_REFUSALS = {401: "there is none, or it is not public", 403: "access is not granted", 404: "there is none"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """A model on this machine."""

    name: str
    commit: str
    folder: Path
    bytes: int

    @property
    def pinned(self) -> str:
        return f"{self.name}@{self.commit}"


def find(model: str) -> Path:
    """The folder of a model that was pulled; the network is never asked. Raises ``ModelError``."""
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415 - slow to import
    from huggingface_hub.errors import HFValidationError  # noqa: PLC0415 - as above

    name, revision = _parted(model)
    try:
        found = try_to_load_from_cache(name, "config.json", revision=revision)
    except HFValidationError:
        raise ModelError(f'"{model}" is neither a folder nor a name on the hub, like owner/name') from None
    if not isinstance(found, str):
        raise ModelError(f'the model "{model}" is not on this machine; run: listener models pull {model}')
    return Path(found).parent


def pull(model: str) -> Local:
    """Fetch what is missing of a model; what an earlier attempt fetched is kept.

    Raises:
        ModelError: the hub has no such model, does not give it, or cannot be reached.
    """
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - slow to import

    name, revision = _parted(model)
    with _explained(model):
        offered = snapshot_download(
            name, revision=revision, allow_patterns=list(_FILES), ignore_patterns=["*/*"], dry_run=True
        )
        names = _needed([one.filename for one in offered])
        folder = Path(snapshot_download(name, revision=revision, allow_patterns=names))
    return Local(
        name=name,
        commit=folder.name,
        folder=folder,
        bytes=sum(one.file_size or 0 for one in offered if one.filename in names),
    )


def pulled() -> list[Local]:
    """The classifiers on this machine, whichever program fetched them, by name."""
    from huggingface_hub import constants, scan_cache_dir  # noqa: PLC0415 - slow to import
    from huggingface_hub.errors import CacheNotFound  # noqa: PLC0415 - as above

    try:
        repositories = scan_cache_dir(constants.HF_HUB_CACHE).repos
    except CacheNotFound:
        return []
    return sorted(
        (
            Local(
                name=repository.repo_id,
                commit=revision.commit_hash,
                folder=revision.snapshot_path,
                bytes=revision.size_on_disk,
            )
            for repository in repositories
            if repository.repo_type == "model"
            for revision in repository.revisions
            if _is_classifier(revision.snapshot_path / "config.json")
        ),
        key=lambda one: (one.name, one.commit),
    )


def _parted(model: str) -> tuple[str, str | None]:
    name, _, revision = model.partition("@")
    return name, revision or None


def _needed(names: Sequence[str]) -> list[str]:
    """Of weights in two formats, the safe one."""
    if any(name.endswith(".safetensors") for name in names):
        return [name for name in names if not re.fullmatch(r"pytorch_model.*", name)]
    return list(names)


def _is_classifier(config: Path) -> bool:
    return config.is_file() and "ForSequenceClassification" in config.read_text("utf-8", errors="replace")


@contextmanager
def _explained(model: str) -> Iterator[None]:
    from huggingface_hub.errors import (  # noqa: PLC0415 - slow to import
        HfHubHTTPError,
        HFValidationError,
        RevisionNotFoundError,
    )

    try:
        yield
    except RevisionNotFoundError:
        raise ModelError(f'"{model}": the hub has no such revision') from None
    except HFValidationError:
        raise ModelError(f'"{model}" is no name on the hub: write it like owner/name') from None
    except HfHubHTTPError as error:
        raise ModelError(f'cannot pull "{model}": {_refusal(error)}') from error
    except OSError as error:
        cause = error.__cause__
        if isinstance(cause, HfHubHTTPError):
            raise ModelError(f'cannot pull "{model}": {_refusal(cause)}') from error
        reason = str(cause or error).strip().partition("\n")[0]
        raise ModelError(
            f'cannot pull "{model}": {reason}; what was fetched is kept, run it again to go on'
        ) from error


def _refusal(error: OSError) -> str:
    status = getattr(getattr(error, "response", None), "status_code", None)
    reason = _REFUSALS.get(status, f"the hub answered {status}") if status else str(error).partition("\n")[0]
    return f"{reason} (a token is read from HF_TOKEN)" if status in {401, 403} else reason
