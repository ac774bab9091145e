"""What cannot be read says so and what to do; what fails half-way lets the next one in."""

import shutil

import pytest
import tantivy

from motrice.engines.search import Document, Index, IndexCorrupt, SearchError
from motrice.engines.search import storage as files
from motrice.engines.search.inverted import SCHEMA as SCHEMA_OF_INDEX
from motrice.engines.search.inverted import read_manifest
from motrice.engines.search.latent import LatentModel
from motrice.engines.search.names import SCHEMA, NameIndex, NameRecord
from motrice.engines.search.spelling import Spelling
from motrice.engines.search.storage import Appender, Interned, Vocabulary, read, read_bytes
from motrice.engines.search.vectors import Clusters, mapped_vectors
from tests.engines.search.conftest import BATTERY

REBUILD = "index the documents again"


@pytest.mark.parametrize(
    "opened",
    [
        Spelling,
        LatentModel.load,
        lambda path: Clusters(path, 3),
        lambda path: mapped_vectors(path / "vectors.bin", (2, 3)),
        lambda path: read(path, "rows", 48),
        lambda path: read_bytes(path, "terms", 0, 8),
    ],
)
def test_files_that_are_missing_are_named(tmp_path, opened):
    with pytest.raises(IndexCorrupt, match=REBUILD) as refused:
        opened(tmp_path)

    assert str(tmp_path) in str(refused.value)


@pytest.mark.parametrize("opened", [lambda path: Appender(path, {"terms": 9}), lambda path: read(path, "terms", 9)])
def test_a_file_that_is_too_short_is_told_with_its_length(tmp_path, opened):
    (tmp_path / "terms.bin").write_bytes(b"abc")

    with pytest.raises(IndexCorrupt, match="holds 3 bytes of 9"):
        opened(tmp_path)


def test_no_vectors_are_an_empty_array_of_their_width(tmp_path):
    assert mapped_vectors(tmp_path / "none.bin", (0, 3)).shape == (0, 3)


@pytest.mark.parametrize("line", [b"not json\n", b"\xff\n"])
def test_damaged_strings_are_told(tmp_path, line):
    (tmp_path / "strings.bin").write_bytes(line)

    with pytest.raises(IndexCorrupt, match=r"strings\.bin .* is damaged"):
        Interned(tmp_path, "strings").load(len(line))


@pytest.mark.parametrize("line", [b"one column\n", b"\xff\tx\n"])
def test_a_damaged_vocabulary_is_told(tmp_path, line):
    (tmp_path / "terms.bin").write_bytes(line)

    with pytest.raises(IndexCorrupt, match=r"terms\.bin .* is damaged"):
        Vocabulary(tmp_path).load({"terms": len(line), "forms": 0})


def test_what_is_added_is_written_out_before_it_fills_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "BUFFER_BYTES", 10)
    appender = Appender(tmp_path, {})

    appender.append("texts", b"short")
    before = (tmp_path / "texts.bin").stat().st_size
    appender.append("texts", b"long enough")

    assert (before, (tmp_path / "texts.bin").read_bytes()) == (0, b"shortlong enough")
    appender.close()


def test_a_manifest_that_is_no_json_is_told(tmp_path):
    index = tantivy.Index(SCHEMA_OF_INDEX, str(tmp_path))
    writer = index.writer()
    document = tantivy.Document()
    document.add_text("manifest", "current")
    document.add_bytes("payload", b"{")
    writer.add_document(document)
    writer.commit()
    index.reload()

    with pytest.raises(IndexCorrupt, match="manifest of the index cannot be read"):
        read_manifest(index.searcher())


def test_an_index_without_its_inverted_index_is_told(index):
    index.close()
    meta = index.directory / "inverted" / "meta.json"
    kept = meta.read_bytes()
    meta.unlink()

    with pytest.raises(IndexCorrupt, match="is missing"):
        index.search("batteries")
    with pytest.raises(IndexCorrupt, match=f"is missing.*{REBUILD}"):
        Index.open(index.directory)
    meta.write_bytes(b"{")
    with pytest.raises(IndexCorrupt, match="cannot be read"):
        index.search("batteries")
    meta.write_bytes(kept)
    assert index.search("lithium")[0].id == "battery"


def test_a_writer_that_cannot_begin_lets_go_of_the_lock(index):
    index.close()
    path = index.directory / "terms.bin"
    kept = path.read_bytes()
    path.write_bytes(kept[:-1])

    with pytest.raises(IndexCorrupt, match=r"terms\.bin"):
        index.add([BATTERY])
    path.write_bytes(kept)
    assert index.add(Document("one", "Volcans", "Volcans")) == 1


def test_an_unreadable_head_is_told(index):
    (index.directory / "motrice-search.json").write_text("[]")

    with pytest.raises(IndexCorrupt, match="cannot be read"):
        Index.open(index.directory)


@pytest.mark.parametrize("ask", ["search", "rank_owners", "count"])
def test_a_question_that_is_no_text_is_refused(index, ask):
    with pytest.raises(TypeError, match="must be a string, got NoneType"):
        getattr(index, ask)(None)


# Names


@pytest.fixture
def names(tmp_path):
    with NameIndex.create(tmp_path / "names") as index:
        index.add(NameRecord("cnrs", ["Centre National de la Recherche Scientifique"]))
        index.commit()
        yield index


def test_a_name_index_that_loses_its_files_says_so(names):
    names.close()
    meta = names.directory / "inverted" / "meta.json"
    meta.write_bytes(b"{")
    with pytest.raises(IndexCorrupt, match="cannot be read"):
        names.suggest("centre")
    meta.unlink()
    with pytest.raises(IndexCorrupt, match="is gone"):
        names.suggest("centre")
    with pytest.raises(IndexCorrupt, match="are missing"):
        NameIndex.open(names.directory)


@pytest.mark.parametrize("head", ["[]", "{}", "not json"])
def test_an_unreadable_head_of_names_is_told(names, head):
    (names.directory / "motrice-names.json").write_text(head)

    with pytest.raises(IndexCorrupt, match="cannot be read"):
        NameIndex.open(names.directory)


def test_a_writer_of_names_that_cannot_begin_lets_go_of_the_lock(names):
    names.close()
    other = tantivy.Index(SCHEMA, str(names.directory / "inverted"))
    held = other.writer()

    with pytest.raises(ValueError, match="Lock"):
        names.add(NameRecord("new", ["Observatoire"]))
    held.rollback()
    del held
    assert names.add(NameRecord("new", ["Observatoire"])) == 1


def test_a_commit_of_names_without_anything_added_changes_nothing(tmp_path):
    with NameIndex.create(tmp_path / "none") as index:
        index.commit()

        assert len(index) == 0


@pytest.mark.parametrize("step", ["add", "commit"])
def test_nothing_is_built_upon_a_write_that_broke_off(tmp_path, monkeypatch, step):
    """The disc is full for a moment: half of what was to be written is there, and nobody knows which half."""
    real = files.os.write
    fresh = [Document(f"d{n}", f"sodium {n}", "sodium " * 50, access=["public"]) for n in range(30)]
    with Index.create(tmp_path / "i") as index:
        index.add([BATTERY])
        index.commit(durable=False)

        def half(file, data):
            real(file, data[: len(data) // 2])
            raise OSError(28, "No space left on device")

        if step == "add":
            monkeypatch.setattr(files, "BUFFER_BYTES", 10)
        else:
            index.add(fresh)
        monkeypatch.setattr(files.os, "write", half)
        with pytest.raises(OSError, match="No space left"):
            index.add(fresh) if step == "add" else index.commit(durable=False)
        monkeypatch.setattr(files.os, "write", real)

        for again in (lambda: index.add(fresh), lambda: index.remove(["d1"]), lambda: index.commit(durable=False)):
            with pytest.raises(SearchError, match="broke off half-way"):
                again()
        assert len(index) == 1
        index.close()
        index.add(fresh)
        index.commit(durable=False)

        assert index.search("sodium 7", limit=1)[0].id == "d7"
    with Index.open(tmp_path / "i") as index:
        assert (len(index), index.search("sodium 12", limit=1)[0].id) == (31, "d12")


@pytest.mark.parametrize("commits", [1, 2, 3])
def test_a_reader_sees_the_index_that_was_made_anew_in_the_place_of_its_own(tmp_path, commits):
    def made(name, count, commits):
        with Index.create(tmp_path / "i") as index:
            for part in range(commits):
                index.add([Document(f"{name}{n}", f"{name} {n}", "solar cells") for n in range(part, count, commits)])
                index.commit(durable=False)

    made("older", 40, 2)
    with Index.open(tmp_path / "i") as reader:
        assert reader.search("older 7", limit=1)[0].id == "older7"
        shutil.rmtree(tmp_path / "i")
        made("newer", 70, commits)

        assert (len(reader), [hit.id for hit in reader.search("newer 12", limit=1)]) == (70, ["newer12"])
        assert not any(hit.id.startswith("older") for hit in reader.search("older 7 cells"))
