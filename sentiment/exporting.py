"""Writes a transformers model as a smaller and faster one for onnxruntime, and checks what that costs."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sentiment.base import ModelError, Scorer
from sentiment.onnx_model import FACTS, NETWORK, TOKENIZER, WEIGHTS, Facts, OnnxScorer
from sentiment.samples import SAMPLES
from sentiment.transformers_model import TransformersScorer

_INPUTS = ("input_ids", "attention_mask")


def export(model: TransformersScorer, folder: Path) -> Facts:
    """Write ``model`` into ``folder`` with weights of 8 bits, one scale for each output of a layer.

    Returns:
        What is known about it; ``agreement`` says how often both give a sample text the same label.

    Raises:
        ModelError: a library is missing, the folder is not empty, or the model has no fast tokenizer.
    """
    _ready(model, folder)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".export-") as name:
        work = Path(name)
        _write_network(model.network, work / "float.onnx")
        made = work / "made"
        made.mkdir()
        _quantise(work / "float.onnx", made)
        model.tokenizer.backend_tokenizer.save(str(made / TOKENIZER))
        facts = Facts(
            source=model.name,
            classes=tuple(model.classes[index] for index in sorted(model.classes)),
            longest=model.longest,
            placeholders=model.placeholders,
            agreement=0,
        )
        _write_facts(facts, made)
        meanings = {name: label.value for name, label in zip(facts.classes, model.labels, strict=True)}
        exported = OnnxScorer(str(made), labels=meanings)
        facts = facts.model_copy(update={"agreement": agreement(model, exported)})
        _write_facts(facts, made)
        if folder.exists():
            folder.rmdir()
        shutil.move(made, folder)
    return facts


def agreement(first: Scorer, second: Scorer) -> float:
    """The share of the sample texts to which both give the same label."""
    pairs = zip(first.score(SAMPLES), second.score(SAMPLES), strict=True)
    return sum(one is not None and two is not None and one.label is two.label for one, two in pairs) / len(
        SAMPLES
    )


def _ready(model: TransformersScorer, folder: Path) -> None:
    try:
        import onnx  # noqa: F401, PLC0415 - an extra
        import onnxruntime  # noqa: F401, PLC0415 - an extra
        import onnxscript  # noqa: F401, PLC0415 - an extra
    except ImportError:
        raise ModelError("exporting needs more: pip install 'social-listening-bot[export]'") from None
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ModelError(f'"{folder}" exists already; remove it, or name another folder')
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not hasattr(model.tokenizer, "backend_tokenizer"):
        raise ModelError(
            f"{model.name} has a tokenizer written in Python, which cannot be exported; use it as it is"
        )


def _write_network(network: Any, path: Path) -> None:
    """The graph in 32 bits, for any number of texts and tokens."""
    import torch  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - an extra

    class Logits(torch.nn.Module):  # type: ignore[misc,unused-ignore]  # untyped where torch is absent
        """The inputs that every tokenizer gives, and of the outputs only what is needed."""

        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.network(input_ids=input_ids, attention_mask=attention_mask).logits

    network.set_attn_implementation("eager")  # the plain arithmetic; others leave a longer graph
    ids = torch.full((2, 9), 5)
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0
    texts, tokens = torch.export.Dim("texts"), torch.export.Dim("tokens")
    with torch.inference_mode(), _quiet():
        torch.onnx.export(
            Logits().eval(),
            (ids, mask),
            path,
            input_names=_INPUTS,
            output_names=["logits"],
            dynamic_shapes={name: {0: texts, 1: tokens} for name in _INPUTS},
            dynamo=True,
            external_data=True,
            verbose=False,
        )


def _quantise(source: Path, folder: Path) -> None:
    import onnx  # noqa: PLC0415 - an extra
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 - an extra

    small = folder / NETWORK
    with _quiet():
        quantize_dynamic(
            source,
            small,
            op_types_to_quantize=["MatMul"],  # not the head (Gemm): it costs nothing and decides the label
            weight_type=QuantType.QInt8,
            per_channel=True,
            extra_options={"MatMulConstBOnly": True},
        )
    model = onnx.load(small)
    _quantise_vocabulary(model.graph)
    _forget_origin(model)
    onnx.save(model, small, save_as_external_data=True, location=WEIGHTS)
    (folder / WEIGHTS).chmod(0o644)


def _forget_origin(model: Any) -> None:
    """Without the traces of the exporter: a megabyte, with the names of folders on this machine."""
    for one in (model, model.graph, *model.graph.node, *model.graph.value_info, *model.graph.initializer):
        one.doc_string = ""
        del one.metadata_props[:]


def _quantise_vocabulary(graph: Any) -> None:
    """The tables of vectors, most of a multilingual model, with one scale for each row.

    onnxruntime's own quantiser takes one scale for a whole table, so that its largest number decides how
    finely every word is told.
    """
    import numpy as np  # noqa: PLC0415 - an extra has loaded it
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415 - an extra

    tables = {one.name: one for one in graph.initializer}
    for place, node in reversed(list(enumerate(graph.node))):
        table = tables.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or table.data_type != TensorProto.FLOAT or len(table.dims) != 2:
            continue
        values = numpy_helper.to_array(table)
        scales = np.maximum(np.abs(values).max(axis=1, keepdims=True) / 127, np.finfo(np.float32).tiny)
        graph.initializer.append(
            numpy_helper.from_array(np.rint(values / scales).astype(np.int8), f"{table.name}_int8")
        )
        graph.initializer.append(numpy_helper.from_array(scales.astype(np.float32), f"{table.name}_scale"))
        graph.initializer.remove(table)
        rows, output = node.input[1], node.output[0]
        del graph.node[place]
        for made in reversed(
            [
                helper.make_node("Gather", [f"{table.name}_int8", rows], [f"{output}_int8"]),
                helper.make_node("Cast", [f"{output}_int8"], [f"{output}_float"], to=TensorProto.FLOAT),
                helper.make_node("Gather", [f"{table.name}_scale", rows], [f"{output}_scale"]),
                helper.make_node("Mul", [f"{output}_float", f"{output}_scale"], [output]),
            ]
        ):
            graph.node.insert(place, made)


def _write_facts(facts: Facts, folder: Path) -> None:
    (folder / FACTS).write_text(facts.model_dump_json(indent=2) + "\n", "utf-8")


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the exporter's warnings, which are about its own insides."""
    import logging  # noqa: PLC0415 - for this alone

    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        logging.disable(logging.NOTSET)
