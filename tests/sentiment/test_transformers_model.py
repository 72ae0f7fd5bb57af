"""The transformer adapter on a tiny real BERT with random weights, made here."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from sentiment.base import ModelError, Scorer, load
from storage.records import Score

torch = pytest.importorskip("torch", reason="transformer models need the extra [torch]")

WORDS = [
    "das",
    "brot",
    "ist",
    "gut",
    "schlecht",
    "teuer",
    "und",
    "der",
    "laden",
    "nett",
    "bread",
    "is",
    "good",
    "bad",
    "never",
    "again",
    "very",
]
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
NAMES = ("negative", "neutral", "positive")
POSITIONS = 32


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved classifier with the classes negative, neutral, positive in this order."""
    return _save(tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="module")
def scorer(folder: Path) -> Scorer:
    return load(f"transformers:{folder}")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    choose = random.Random(3)
    return [" ".join(choose.choices(WORDS, k=choose.randint(1, 20))) for _ in range(40)]


def test_probabilities_sum_to_one_and_texts_without_words_have_no_score(scorer: Scorer) -> None:
    nothing, one = scorer.score([" \n", "das Brot ist gut"])

    assert one is not None
    assert sum(_values(one)) == pytest.approx(1)
    assert nothing is None
    assert scorer.score([]) == []


def test_a_score_depends_on_its_text_alone(scorer: Scorer, folder: Path, texts: list[str]) -> None:
    together = scorer.score(texts)
    alone = [scorer.score([text])[0] for text in texts]
    backwards = scorer.score(texts[::-1])[::-1]
    large_batches = load(f"transformers:{folder}", batch_tokens=10_000).score(texts)

    assert len({round(_values(score)[0], 4) for score in together}) > 10, "the texts must differ"
    for other in (alone, backwards, large_batches):
        assert [_values(score) for score in other] == [
            pytest.approx(_values(score), abs=1e-5) for score in together
        ]


def test_scoring_twice_gives_the_same(scorer: Scorer, texts: list[str]) -> None:
    assert scorer.score(texts) == scorer.score(texts)


@pytest.mark.parametrize("kind", ["bert", "roberta"])
def test_text_longer_than_the_model_is_read_in_pieces(tmp_path: Path, kind: str) -> None:
    scorer = load(f"transformers:{_save(tmp_path, kind=kind)}")

    kind_, unkind, both = scorer.score(
        ["gut. " * 200, "schlecht. " * 200, "gut. " * 200 + "schlecht. " * 200]
    )

    mean = [(one + other) / 2 for one, other in zip(_values(kind_), _values(unkind), strict=True)]
    assert _values(kind_) != pytest.approx(_values(unkind), abs=0.05)
    assert _values(both) == pytest.approx(mean, abs=0.05)


def test_a_sentencepiece_file_alone_is_enough(tmp_path: Path) -> None:
    """Some models on the hub, the recommended one among them, have no tokenizer.json."""
    sentencepiece = pytest.importorskip("sentencepiece", reason="comes with the extra [torch]")
    _save(tmp_path, kind="xlm-roberta")
    (tmp_path / "vocab.txt").unlink()
    (tmp_path / "tokenizer_config.json").write_text("{}")
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(WORDS * 3),
        model_prefix=str(tmp_path / "sentencepiece.bpe"),
        vocab_size=40,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    scorer = load(f"transformers:{tmp_path}")

    good, bad = scorer.score(["das brot ist gut", "never again"])

    assert _values(good) != pytest.approx(_values(bad), abs=1e-3), "not all words may be unknown"


@pytest.mark.parametrize("order", [(2, 0, 1), (1, 2, 0)])
def test_classes_may_come_in_any_order(tmp_path: Path, scorer: Scorer, order: Any) -> None:
    shuffled = _save(tmp_path, names=[NAMES[index] for index in order])
    straight = scorer.score(["das Brot ist gut"])[0]
    read = load(f"transformers:{shuffled}").score(["das Brot ist gut"])[0]

    mixed = [_values(read)[NAMES.index(name)] for name in [NAMES[index] for index in order]]
    assert mixed == pytest.approx(_values(straight))


def test_stars_are_collapsed(tmp_path: Path) -> None:
    names = ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"]
    (score,) = load(f"transformers:{_save(tmp_path, names=names)}").score(["das Brot ist gut"])

    assert sum(_values(score)) == pytest.approx(1)
    assert min(_values(score)) > 0


def test_a_model_without_neutral_never_says_neutral(tmp_path: Path) -> None:
    (score,) = load(f"transformers:{_save(tmp_path, names=['NEGATIVE', 'POSITIVE'])}").score(["gut"])

    assert score is not None
    assert score.p_neutral == 0


def test_stated_labels_are_used(tmp_path: Path) -> None:
    spec = f"transformers:{_save(tmp_path, names=['joy', 'anger'])}"
    with pytest.raises(ModelError, match='"joy", "anger"'):
        load(spec)

    (score,) = load(spec, labels={"joy": "positive", "anger": "negative"}).score(["gut"])

    assert score is not None
    assert score.p_positive + score.p_negative == pytest.approx(1)


def test_the_name_changes_with_the_weights(tmp_path: Path) -> None:
    first = load(f"transformers:{_save(tmp_path)}").name
    same = load(f"transformers:{tmp_path}").name
    other = load(f"transformers:{_save(tmp_path, seed=1)}").name

    assert first == same
    assert first != other
    assert first.startswith(f"transformers:{tmp_path}@")


def test_a_model_without_a_trained_head_is_refused(tmp_path: Path) -> None:
    from transformers import BertModel  # noqa: PLC0415 - only where torch is

    _save(tmp_path)
    BertModel.from_pretrained(tmp_path).save_pretrained(tmp_path)

    with pytest.raises(ModelError, match="not a trained classifier"):
        load(f"transformers:{tmp_path}")


@pytest.mark.parametrize("name", ["no/such-model-anywhere", "./no-such-folder"])
def test_a_model_that_is_not_here_is_one_line(name: str) -> None:
    with pytest.raises(ModelError, match=name) as error:
        load(f"transformers:{name}")
    assert "\n" not in str(error.value)


def test_an_exported_model_reads_as_its_source(tmp_path: Path, texts: list[str]) -> None:
    pytest.importorskip("onnxscript", reason="exporting needs the extra [export]")
    from sentiment.exporting import export  # noqa: PLC0415 - only where torch is
    from sentiment.transformers_model import TransformersScorer  # noqa: PLC0415 - only where torch is

    source = TransformersScorer(str(_save(tmp_path / "source")))
    facts = export(source, tmp_path / "made" / "small")
    exported = load(f"onnx:{tmp_path / 'made' / 'small'}")

    assert facts.agreement > 0.7, "weights as large as these bear rounding badly"
    for one, other in zip(source.score(texts), exported.score(texts), strict=True):
        assert _values(one) == pytest.approx(_values(other), abs=0.15)
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["small"]
    with pytest.raises(ModelError, match="exists already"):
        export(source, tmp_path / "made" / "small")


def _values(score: Score | None) -> tuple[float, float, float]:
    assert score is not None
    return (score.p_negative, score.p_neutral, score.p_positive)


_CONFIGS = {"bert": "BertConfig", "roberta": "RobertaConfig", "xlm-roberta": "XLMRobertaConfig"}


def _save(folder: Path, *, names: Any = NAMES, seed: int = 0, kind: str = "bert") -> Path:
    """Save a tiny classifier with large random weights, so that its scores differ from text to text."""
    import transformers  # noqa: PLC0415 - only where torch is

    torch.manual_seed(seed)
    config = getattr(transformers, _CONFIGS[kind])(
        vocab_size=64,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=POSITIONS,
        pad_token_id=0,
        initializer_range=0.5,
        id2label=dict(enumerate(names)),
        label2id={name: index for index, name in enumerate(names)},
    )
    transformers.AutoModelForSequenceClassification.from_config(config).save_pretrained(folder)
    folder.mkdir(exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "BertTokenizer", "do_lower_case": True})
    )
    return folder
