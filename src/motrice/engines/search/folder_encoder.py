"""An encoder read from a folder: a model in the ONNX format and its tokenizer, as sentence-transformers lays them out.

    model.onnx, or onnx/model.onnx      the network
    tokenizer.json                      how text is cut into tokens
    1_Pooling/config.json               optional: how the vectors of tokens become one (mean if absent)
    sentence_bert_config.json           optional: how many tokens are read (256 if absent)
    config_sentence_transformers.json   optional: what stands before a question (query) and before a text (document)

Nothing is fetched: the folder is all there is. Needs the extra `motrice[neural]` (onnxruntime and tokenizers).
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from motrice.engines.search.errors import EncoderMissing

MODELS = ("model.onnx", "onnx/model.onnx")
BATCH = 32
USUAL_TOKENS = 256
MOST_TOKENS = 512
POOLINGS = {"pooling_mode_cls_token": "first", "pooling_mode_mean_tokens": "mean", "pooling_mode_max_tokens": "max"}


class FolderEncoder:
    """Runs a sentence encoder on the processor, without network."""

    def __init__(self, folder: str | Path, *, threads: int = 1) -> None:
        self.folder = Path(folder)
        model = next((self.folder / name for name in MODELS if (self.folder / name).is_file()), None)
        cutter = self.folder / "tokenizer.json"
        if model is None or not cutter.is_file():
            raise EncoderMissing(f"{self.folder} holds no encoder: it needs {' or '.join(MODELS)} and tokenizer.json.")
        self._pooling = pooling_of(self.folder)
        before = settings_in(self.folder, "config_sentence_transformers.json").get("prompts") or {}
        self._before_question = str(before.get("query") or "")
        self._before_text = str(before.get("document") or before.get("passage") or "")
        tokens = settings_in(self.folder, "sentence_bert_config.json").get("max_seq_length") or USUAL_TOKENS
        self._tokens = min(int(tokens), MOST_TOKENS)
        self._session, self._tokenizer = opened(model, cutter, self._tokens, threads)
        self._inputs = {entry.name for entry in self._session.get_inputs()}
        self._output = output_of(self._session.get_outputs())
        self.name = self._named(model, cutter)

    def _named(self, *files: Path) -> str:
        """Return a name that changes with any file or setting that changes the vectors."""
        digest = hashlib.sha256()
        for file in files:
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        chosen = (self._pooling, self._before_question, self._before_text, self._tokens)
        digest.update(json.dumps(chosen).encode())
        return f"{self.folder.resolve().name}-{digest.hexdigest()[:12]}"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one row of float32 for each text."""
        return self._encoded([self._before_text + text for text in texts])

    def encode_questions(self, texts: Sequence[str]) -> np.ndarray:
        """Return one row of float32 for each question."""
        return self._encoded([self._before_question + text for text in texts])

    def _encoded(self, texts: list[str]) -> np.ndarray:
        cut = self._tokenizer.encode_batch(texts)
        # Texts of like length together: a batch is as long as its longest.
        order = sorted(range(len(texts)), key=lambda place: len(cut[place].ids))
        rows: dict[int, np.ndarray] = {}
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            rows.update(zip(places, self._run([cut[place] for place in places]), strict=True))
        if not rows:
            return np.empty((0, 0), dtype=np.float32)
        return np.stack([rows[place] for place in range(len(texts))])

    def _run(self, cut: list[Any]) -> np.ndarray:
        longest = max(1, *(len(entry.ids) for entry in cut))
        values = {name: np.zeros((len(cut), longest), dtype=np.int64) for name in ("ids", "mask", "types")}
        for row, entry in enumerate(cut):
            size = len(entry.ids)
            values["ids"][row, :size] = entry.ids
            values["mask"][row, :size] = entry.attention_mask
            values["types"][row, :size] = entry.type_ids
        named = {"input_ids": values["ids"], "attention_mask": values["mask"], "token_type_ids": values["types"]}
        given = {name: value for name, value in named.items() if name in self._inputs}
        found = np.asarray(self._session.run([self._output], given)[0], dtype=np.float32)
        return found if found.ndim == 2 else pooled(found, values["mask"], self._pooling)


def opened(model: Path, cutter: Path, tokens: int, threads: int) -> tuple[Any, Any]:
    """Open the network and its tokenizer, or say what is missing."""
    try:
        import onnxruntime
        import tokenizers
    except ImportError as error:
        raise EncoderMissing(
            f"An encoder needs packages that are not installed ({error.name}): install motrice[neural], or take the "
            "encoder out of the settings."
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    tokenizer = tokenizers.Tokenizer.from_file(str(cutter))
    tokenizer.enable_truncation(tokens)
    tokenizer.no_padding()
    return session, tokenizer


def output_of(outputs: Sequence[Any]) -> str:
    """Return the output that holds the vectors: of whole texts where there is one, else of tokens."""
    names = [entry.name for entry in outputs]
    return "sentence_embedding" if "sentence_embedding" in names else names[0]


def settings_in(folder: Path, name: str) -> dict[str, Any]:
    """Return the settings of a file, none when it is not there."""
    path = folder / name
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EncoderMissing(f"{path} cannot be read ({error}).") from error
    return found if isinstance(found, dict) else {}


def pooling_of(folder: Path) -> str:
    """Return how the vectors of tokens become one."""
    found = settings_in(folder, "1_Pooling/config.json")
    chosen = [way for name, way in POOLINGS.items() if found.get(name)]
    if found and not chosen:
        raise EncoderMissing(f"{folder / '1_Pooling/config.json'} asks for none of {', '.join(POOLINGS)}.")
    return chosen[0] if chosen else "mean"


def pooled(tokens: np.ndarray, mask: np.ndarray, way: str) -> np.ndarray:
    """Return one vector for each text from those of its tokens."""
    if way == "first":
        return tokens[:, 0]
    held = mask[:, :, None].astype(np.float32)
    if way == "max":
        return np.where(held > 0, tokens, -np.inf).max(axis=1)
    return (tokens * held).sum(axis=1) / np.maximum(held.sum(axis=1), 1.0)
