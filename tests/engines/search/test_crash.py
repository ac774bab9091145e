"""A kill at any point leaves the last commit readable, whole, and the next writer able to go on."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from motrice.engines.search import Document, Index, Tuning

SOURCE = Path(__file__).resolve().parents[3] / "src"
WRITER = """
import sys
sys.path.insert(0, {source!r})
from motrice.engines.search import Document, Index, Tuning
index = Index.open({directory!r}, tuning=Tuning(latent_min_documents=30, latent_dimensions=8))
batch = len(index) // 10
while True:
    index.add(
        Document(f"{{batch}}-{{n}}", f"lot{{batch}}", "laser énergie capteur " * 5 + f"lot{{batch}}", "fr",
                 owners=[f"Lab {{n % 3}}"], access=["public"]) for n in range(10))
    index.remove(["extra"])
    index.add([Document("extra", "extra", f"lot{{batch}}", access=["public"])])
    print("before", batch, flush=True)
    index.commit()
    print("after", batch, flush=True)
    batch += 1
"""


def run_and_kill(directory, after):
    """Let a writer work for a while, kill it, and return the last batch it said it had committed."""
    code = WRITER.format(source=str(SOURCE), directory=str(directory))
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    first = process.stdout.readline()
    assert first.startswith("before")
    time.sleep(after)
    os.kill(process.pid, signal.SIGKILL)
    said = first + process.communicate()[0]
    done = [int(line.split()[1]) for line in said.splitlines() if line.startswith("after")]
    return done[-1] if done else -1


@pytest.mark.slow
def test_a_kill_leaves_the_last_commit_whole(tmp_path):
    directory = tmp_path / "index"
    Index.create(directory).close()
    generator = random.Random(5)
    last = -1
    for _ in range(5):
        last = max(last, run_and_kill(directory, generator.random() * 0.5))
        with Index.open(directory) as index:
            batches = (len(index) - 1) // 10 if len(index) else 0
            assert batches >= last + 1
            assert len(index) in (0, batches * 10 + 1)
            assert index.count("", access=["public"]) == len(index)
            for batch in range(batches):
                found = index.search(f"lot{batch}", limit=50, access=["public"])
                assert {f"{batch}-{n}" for n in range(10)} <= {hit.id for hit in found}
            if batches:
                assert index.rank_owners("laser", access=["public"])


def test_a_tail_left_by_a_dead_writer_is_cut_off(tmp_path):
    directory = tmp_path / "index"
    with Index.create(directory) as index:
        index.add([Document("a", "laser", "laser")])
        index.commit()
    for name in ("rows", "postings", "texts", "terms"):
        with (directory / f"{name}.bin").open("ab") as file:
            file.write(b"half-written")
    with Index.open(directory, tuning=Tuning()) as index:
        assert [hit.id for hit in index.search("laser")] == ["a"]
        index.add([Document("b", "enzyme", "enzyme")])
        index.commit()
        assert [hit.id for hit in index.search("enzyme")] == ["b"]
    assert [hit.id for hit in Index.open(directory).search("enzyme")] == ["b"]
