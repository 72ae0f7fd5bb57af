"""Makes the tiny exported model beside this file. Run: python -m tests.sentiment.tiny.make.

A transformer of two layers learns from made-up German and English sentences which words are kind and which are
not; then it is exported as any model is. Needs pip install 'social-listening-bot[export]'.
"""

import random
import shutil
import tempfile
from pathlib import Path

import torch
import transformers

from sentiment.exporting import export
from sentiment.transformers_model import TransformersScorer

FOLDER = Path(__file__).parent / "model"
KIND = ["gut", "toll", "super", "lecker", "nett", "good", "great", "lovely", "tasty", "friendly"]
UNKIND = ["schlecht", "mies", "teuer", "kalt", "nie", "bad", "awful", "poor", "rude", "never"]
OTHER = [
    "das",
    "brot",
    "ist",
    "der",
    "laden",
    "und",
    "heute",
    "wir",
    "the",
    "bread",
    "is",
    "shop",
    "and",
    "today",
    "we",
    "@user",
    "http",
    ".",
    ",",
    "!",
]
LETTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "@", *KIND, *UNKIND, *OTHER, *LETTERS]
VOCABULARY += [f"##{letter}" for letter in LETTERS]
CLASSES = ("negative", "neutral", "positive")
POSITIONS = 32
SENTENCES = 4000


def sentence(choose: random.Random) -> tuple[str, int]:
    """Words, and the class that most of them are of."""
    wanted = choose.randrange(3)
    telling = [choose.choice((UNKIND, OTHER, KIND)[wanted]) for _ in range(choose.randint(1, 3))]
    words = telling + choose.choices(OTHER, k=choose.randint(2, 18))
    choose.shuffle(words)
    return " ".join(words), wanted


def main() -> None:
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=POSITIONS,
        id2label=dict(enumerate(CLASSES)),
        label2id={name: index for index, name in enumerate(CLASSES)},
    )
    network = transformers.BertForSequenceClassification(config)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n")
        tokenizer = transformers.BertTokenizer.from_pretrained(folder)
        train(network, tokenizer)
        network.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        shutil.rmtree(FOLDER, ignore_errors=True)
        facts = export(TransformersScorer(str(folder), placeholders=True), FOLDER)
    (FOLDER / "export.json").write_text(
        facts.model_copy(update={"source": "tests.sentiment.tiny.make"}).model_dump_json(indent=2) + "\n"
    )


def train(network: torch.nn.Module, tokenizer: transformers.BertTokenizer) -> None:
    choose = random.Random(0)
    optimiser = torch.optim.Adam(network.parameters(), lr=2e-3)
    for _ in range(SENTENCES // 20):
        texts, classes = zip(*(sentence(choose) for _ in range(20)), strict=True)
        inputs = tokenizer(
            list(texts), padding=True, truncation=True, max_length=POSITIONS, return_tensors="pt"
        )
        loss = network(**inputs, labels=torch.tensor(classes)).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    print(f"loss of the last batch: {loss:.3f}")


if __name__ == "__main__":
    main()
