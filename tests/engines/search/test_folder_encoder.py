"""An encoder read from a folder; its network is run where the extra `motrice[neural]` is installed."""

import json
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from motrice.engines.search import Document, EncoderMissing, FolderEncoder, Index
from motrice.engines.search.folder_encoder import pooled, pooling_of

WORDS = {"[UNK]": 0, "query": 1, ":": 2, "car": 3, "automobile": 4, "snow": 5, "glacier": 6}
TABLE = np.array([[0, 0, 0], [0, 0, 0], [0, 0, 0], [1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0]], dtype="<f4")


def number(value):
    """Return a whole number as ONNX files write it: seven bits at a time."""
    parts = []
    while True:
        parts.append(value & 127 | (128 if value > 127 else 0))
        value >>= 7
        if not value:
            return bytes(parts)


def field(place, value):
    """Return one field of a record: a number, or bytes."""
    if isinstance(value, int):
        return number(place << 3) + number(value)
    value = value.encode() if isinstance(value, str) else value
    return number(place << 3 | 2) + number(len(value)) + value


def described(name, kind, sizes):
    shape = b"".join(field(1, field(1, s) if isinstance(s, int) else field(2, s)) for s in sizes)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, shape)))


def network():
    """Return a network that gives each token its row of a table, in the ONNX format."""
    node = field(1, "table") + field(1, "input_ids") + field(2, "last_hidden_state") + field(4, "Gather")
    table = b"".join(field(1, size) for size in TABLE.shape) + field(2, 1) + field(8, "table")
    table += field(9, struct.pack(f"<{TABLE.size}f", *TABLE.ravel().tolist()))
    graph = field(1, node) + field(2, "graph") + field(5, table)
    graph += field(11, described("input_ids", 7, ["texts", "tokens"]))
    graph += field(12, described("last_hidden_state", 1, ["texts", "tokens", TABLE.shape[1]]))
    return field(1, 8) + field(7, graph) + field(8, field(2, 17))


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "encoder"
    made.mkdir()
    (made / "model.onnx").write_bytes(network())
    cutter = {
        "version": "1.0",
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "model": {"type": "WordLevel", "vocab": WORDS, "unk_token": "[UNK]"},
    }
    (made / "tokenizer.json").write_text(json.dumps(cutter))
    return made


def test_a_folder_without_a_model_is_refused(tmp_path, folder):
    with pytest.raises(EncoderMissing, match="holds no encoder"):
        FolderEncoder(tmp_path / "nowhere")
    (folder / "tokenizer.json").unlink()
    with pytest.raises(EncoderMissing, match=r"tokenizer\.json"):
        FolderEncoder(folder)


@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers"])
def test_without_the_extra_it_is_told_what_to_install(folder, monkeypatch, package):
    for name in ("onnxruntime", "tokenizers"):
        monkeypatch.setitem(sys.modules, name, None if name == package else object())
    with pytest.raises(EncoderMissing, match=r"install motrice\[neural\]"):
        FolderEncoder(folder)


def test_the_engine_loads_neither_package_by_itself():
    code = "import motrice.engines.search, sys; sys.exit(bool({'onnxruntime', 'tokenizers'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_pooling_is_read_from_the_folder(folder):
    assert pooling_of(folder) == "mean"
    (folder / "1_Pooling").mkdir()
    for settings, expected in (("pooling_mode_cls_token", "first"), ("pooling_mode_max_tokens", "max")):
        (folder / "1_Pooling/config.json").write_text(json.dumps({settings: True}))
        assert pooling_of(folder) == expected
    (folder / "1_Pooling/config.json").write_text(json.dumps({"pooling_mode_lasttoken": True}))
    with pytest.raises(EncoderMissing, match="asks for none of"):
        pooling_of(folder)
    (folder / "1_Pooling/config.json").write_text("{")
    with pytest.raises(EncoderMissing, match="cannot be read"):
        pooling_of(folder)


@pytest.mark.parametrize(("way", "expected"), [("mean", [2.0, 3.0]), ("first", [1.0, 2.0]), ("max", [3.0, 4.0])])
def test_padding_takes_no_part(way, expected):
    tokens = np.array([[[1, 2], [3, 4], [9, 9]]], dtype=np.float32)
    assert pooled(tokens, np.array([[1, 1, 0]]), way).tolist() == [expected]


class Entry:
    """A cut text, or an input or output of a network, as the packages give them."""

    def __init__(self, **values):
        self.__dict__.update(values)


class Tokenizer:
    """Cuts at spaces, as the package that is not installed would."""

    @classmethod
    def from_file(cls, path):
        return cls()

    def enable_truncation(self, most):
        self.most = most

    def no_padding(self):
        pass

    def encode_batch(self, texts):
        numbers = [[WORDS.get(word, 0) for word in text.lower().split()][: self.most] for text in texts]
        return [Entry(ids=n, attention_mask=[1] * len(n), type_ids=[0] * len(n)) for n in numbers]


class Session:
    """Gives each token its row of the table, or each text the sum of them where the file asks for it."""

    def __init__(self, path, options, providers):
        self.of_texts = Path(path).read_bytes() == b"texts"
        self.options, self.batches = options, []

    def get_inputs(self):
        return [Entry(name="input_ids"), Entry(name="attention_mask")]

    def get_outputs(self):
        return [Entry(name="last_hidden_state"), *([Entry(name="sentence_embedding")] if self.of_texts else [])]

    def run(self, outputs, given):
        assert set(given) == {"input_ids", "attention_mask"}
        self.batches.append(given["input_ids"].shape)
        found = TABLE[given["input_ids"]]
        return [found.sum(axis=1) if outputs == ["sentence_embedding"] else found]


@pytest.fixture
def packages(monkeypatch):
    monkeypatch.setitem(sys.modules, "tokenizers", Entry(Tokenizer=Tokenizer))
    monkeypatch.setitem(sys.modules, "onnxruntime", Entry(SessionOptions=Entry, InferenceSession=Session))


def test_texts_are_encoded_in_batches_of_like_length_and_come_back_in_order(folder, packages):
    encoder = FolderEncoder(folder, threads=2)

    found = encoder.encode(["car car snow", "glacier", ""] + ["snow car"] * 32)

    assert found[:2].tolist() == [pytest.approx([2 / 3, 1 / 3, 0]), [0, 1, 0]]
    assert found[2:].tolist() == [[0, 0, 0]] + [[0.5, 0.5, 0]] * 32
    assert encoder._session.batches == [(32, 2), (3, 3)]
    assert (encoder._session.options.intra_op_num_threads, encoder.encode([]).shape) == (2, (0, 0))


def test_settings_of_a_folder_are_read_and_change_its_name(folder, packages):
    plain = FolderEncoder(folder)
    (folder / "config_sentence_transformers.json").write_text(
        json.dumps({"prompts": {"query": "query : ", "document": "snow "}})
    )
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 3}))
    told = FolderEncoder(folder)

    assert told.name == FolderEncoder(folder).name != plain.name
    assert told.encode_questions(["car car"]).tolist() == [pytest.approx([1 / 3, 0, 0])]
    assert told.encode(["car"]).tolist() == [[0.5, 0.5, 0]]


def test_a_network_that_gives_vectors_of_texts_needs_no_pooling(folder, packages):
    (folder / "model.onnx").write_bytes(b"texts")

    assert FolderEncoder(folder).encode(["car snow"]).tolist() == [[1, 1, 0]]


@pytest.mark.parametrize("settings", ["[]", "{}"])
def test_settings_that_say_nothing_leave_the_usual_ones(folder, settings):
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling/config.json").write_text(settings)

    assert pooling_of(folder) == "mean"


def test_a_network_is_run_and_serves_an_index(folder, tmp_path):
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tokenizers")
    encoder = FolderEncoder(folder)
    together = encoder.encode(["car car snow", "glacier", ""])
    assert together[:2].tolist() == pytest.approx(np.array([[2 / 3, 1 / 3, 0], [0, 1, 0]]))
    assert together[1] == pytest.approx(encoder.encode(["glacier"])[0])
    with Index.create(tmp_path / "index", encoder=encoder) as index:
        index.add([Document("a", "Automobile", "Doors."), Document("b", "Glacier", "Ice.")])
        index.commit()
        assert [hit.id for hit in index.search("car")] == ["a"]
    with Index.open(tmp_path / "index", encoder=FolderEncoder(folder)) as again:
        assert [hit.id for hit in again.search("snow")] == ["b"]


def test_a_file_or_a_setting_that_changes_the_vectors_changes_the_name(folder):
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tokenizers")
    first = FolderEncoder(folder).name
    assert FolderEncoder(folder).name == first
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": {"query": "query: "}}))
    second = FolderEncoder(folder)
    assert second.name != first
    # What stands before a question is read with it: the two unknown words halve what the third says.
    assert second.encode_questions(["car"])[0] == pytest.approx([1 / 3, 0, 0])
    assert second.encode(["car"])[0] == pytest.approx([1, 0, 0])
    (folder / "model.onnx").write_bytes(network() + b"\x32\x00")
    assert FolderEncoder(folder).name != second.name
