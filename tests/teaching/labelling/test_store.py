"""What a person said, on disk: nothing that was saved is lost, nothing half is left."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewclean.data import Label, Page, words
from reviewclean.errors import OutputError, SampleError
from reviewclean.reading import read
from reviewclean.teaching.labelling import folders as module
from reviewclean.teaching.labelling.folders import folder_name
from reviewclean.teaching.labelling.queue import body_of, key_of
from reviewclean.teaching.labelling.store import JOURNAL, Change, Sheet, StaleError, Store, transferred
from reviewclean.teaching.samples import Sample, Told, lay, read_sample, read_samples

BODY = b"<ul><li>Home</li></ul><p>A good film. Buy a boat. The end.</p><p>Share this</p><p>Home</p><p>Home</p>"
KEY = key_of(body_of(Page(BODY, kind="html"))[0])
FRESH = tuple(Told(block.text, Label.REVIEW) for block in read(Page(BODY, kind="html")).blocks)
AD = Change(1, Label.REVIEW, (("Buy a boat.", Label.AD),))


def sheet(store: Store) -> Sheet:
    return store.sheet(KEY, "films/ferry.html", FRESH)


def sample(told: tuple[Told, ...], body: bytes = BODY, name: str = "films/ferry.html") -> Sample:
    return Sample(name, Page(body, id=name, kind="html"), told, site="x.example", language="en", writer="ines")


def labels(told: tuple[Told, ...]) -> list[str]:
    return [str(one.label) for one in told]


def test_what_was_changed_is_there_in_the_next_sitting(tmp_path: Path) -> None:
    """A page that was begun is taken up where it was; until then it is as the model says."""
    with Store(tmp_path / "mine") as store:
        assert sheet(store) == Sheet(KEY, "films/ferry.html", FRESH)
        changed = store.change(sheet(store), 0, [Change(0, Label.CHROME), AD])
        assert (changed.revision, changed.status) == (1, "begun")
        store.change(sheet(store), 1, [Change(0, Label.LINKS)])
    with Store(tmp_path / "mine") as store:
        again = sheet(store)
    assert (again.revision, again.status, labels(again.told)) == (2, "begun", ["links", "review", "review", "review", "review"])
    assert again.told[1].spans == (("Buy a boat.", Label.AD),)


def test_an_older_revision_is_refused(tmp_path: Path) -> None:
    """Two tabs never overwrite each other: the second is told, and nothing of it is kept."""
    with Store(tmp_path) as store:
        seen = sheet(store)
        store.change(seen, 0, [Change(0, Label.CHROME)])
        with pytest.raises(StaleError, match="another tab"):
            store.change(seen, 0, [Change(0, Label.AD)])
        with pytest.raises(StaleError):
            store.finish(seen, 0, sample(FRESH))
        assert labels(sheet(store).told)[0] == "chrome" and not list(tmp_path.glob("*/labels.jsonl"))


@pytest.mark.parametrize("change", [Change(9, Label.AD), Change(-1, Label.AD), Change(1, Label.AD, (("Buy", Label.AD),)), Change(1, Label.REVIEW, (("none", Label.AD),)), Change(1, Label.REVIEW, (("", Label.AD),)), Change(1, Label.REVIEW, (("Buy", Label.REVIEW),))])  # fmt: skip
def test_a_change_that_does_not_fit_is_refused(change: Change, tmp_path: Path) -> None:
    """No such block, spans outside review, words that do not stand there."""
    with Store(tmp_path) as store, pytest.raises(SampleError):
        store.change(sheet(store), 0, [Change(0, Label.AD), change])
    assert not (tmp_path / JOURNAL).read_bytes()


def test_a_page_that_is_done_reads_back_as_it_was_labelled(tmp_path: Path) -> None:
    """In the project's format, laid over its page with the same labels and spans, repeated blocks included."""
    with Store(tmp_path) as store:
        done = store.change(sheet(store), 0, [Change(0, Label.CHROME), AD, Change(2, Label.SHARE), Change(4, Label.LINKS)])
        folder = store.finish(done, 1, sample(done.told))
        assert (folder, store.status(KEY)) == (tmp_path / "films-ferry", "done")
    (one,) = read_samples(tmp_path)
    assert (one.page.body, one.told, one.site, one.language, one.writer) == (BODY, done.told, "x.example", "en", "ines")
    blocks = read(one.page).blocks
    laid = lay(one, blocks)
    assert [str(x.label) for x in laid] == ["chrome", "review", "share", "review", "links"]
    assert [blocks[1].text[span.start : span.end] for span in laid[1].spans] == ["Buy a boat."]
    with Store(tmp_path) as store:
        assert store.status(KEY) == "done" and sheet(store).told == done.told


TEXTS = st.lists(st.sampled_from(["Home", "A good film.", "A good film. Buy a boat. Buy a boat now. The end.", "★★★", "Read next", "Über 9 Ärger"]), min_size=1, max_size=8)


@given(texts=TEXTS, data=st.data())
def test_any_labels_of_any_page_read_back(texts: list[str], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever is repeated. (A block without a single word has no place in an alignment of words.)"""
    body = "".join(f"<p>{text}</p>" for text in texts).encode()
    told = []
    for text in texts:
        label = data.draw(st.sampled_from(list(Label)))
        starts = [at for at in range(len(text)) if text[at] == "B"]
        spans = data.draw(st.lists(st.sampled_from(["Buy a boat.", "Buy a boat now.", "The end."]), unique=True)) if label is Label.REVIEW and starts else []
        told.append(Told(text, label, tuple((span, Label.AD) for span in spans)))
    root = tmp_path_factory.mktemp("mine")
    with Store(root) as store:
        store.put(sample(tuple(told), body))
    (one,) = read_samples(root)
    blocks = read(one.page).blocks
    assert one.told == tuple(told)
    for said, block, laid in zip(told, blocks, lay(one, blocks), strict=True):
        if words(block.text):
            assert laid.label is said.label
            assert [(block.text[span.start : span.end], span.label) for span in laid.spans] == list(said.spans)


def test_kill_loses_nothing_that_was_confirmed(tmp_path: Path) -> None:
    """A process that is killed at once after a change, and a last line that was cut off."""
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom reviewclean.data import Label\nfrom reviewclean.teaching.labelling.store import Change, Store\nfrom reviewclean.teaching.samples import Told\n"
        "store = Store(Path(sys.argv[1]))\nstore.change(store.sheet('k', 'n', (Told('a', Label.REVIEW), Told('b', Label.REVIEW))), 0, [Change(1, Label.AD)])\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    with (tmp_path / JOURNAL).open("ab") as journal:
        journal.write(b'{"event":"changed","page":"k","revi')
    with Store(tmp_path) as store:
        taken_up = store.sheet("k", "n", ())
        assert taken_up.revision == 1
        store.change(store.sheet("k", "n", (Told("a", Label.REVIEW), Told("b", Label.AD))), 1, [Change(0, Label.META)])
    with Store(tmp_path) as store:
        assert labels(store.sheet("k", "n", (Told("a", Label.REVIEW), Told("b", Label.REVIEW))).told) == ["meta", "ad"]


def test_a_full_disk_takes_nothing_half(tmp_path: Path) -> None:
    """The change is refused in a sentence, and the next one can be saved."""
    with Store(tmp_path) as store:
        store.change(sheet(store), 0, [Change(0, Label.AD)])
        before = (tmp_path / JOURNAL).read_bytes()
        with mock.patch.object(module.os, "fsync", side_effect=OSError(28, "No space left on device")), pytest.raises(OutputError, match="No space left"):
            store.change(sheet(store), 1, [Change(0, Label.SHOP)])
        assert labels(sheet(store).told)[0] == "ad" and (tmp_path / JOURNAL).read_bytes() == before
        store.change(sheet(store), 1, [Change(0, Label.META)])
    with Store(tmp_path) as store:
        assert labels(sheet(store).told)[0] == "meta"


def test_a_damaged_journal_is_left_alone(tmp_path: Path) -> None:
    """And named, with its line."""
    (tmp_path / JOURNAL).write_text('{"event":"skipped","page":"k"}\nsomething else\n{"event":"skipped","page":"k"}\n')
    before = (tmp_path / JOURNAL).read_bytes()
    with pytest.raises(OutputError, match=f"{JOURNAL}:2: not a line"):
        Store(tmp_path)
    assert (tmp_path / JOURNAL).read_bytes() == before
    (tmp_path / JOURNAL).unlink()
    Store(tmp_path).__exit__()


def test_a_crash_while_a_sample_is_written_leaves_none_or_the_old_one(tmp_path: Path) -> None:
    """At every step of the way; the next sitting sweeps up."""
    with Store(tmp_path) as store:
        store.finish(sheet(store), 0, sample(FRESH))
        before = (tmp_path / "films-ferry" / "labels.jsonl").read_bytes()
        changed = store.change(sheet(store), 1, [Change(0, Label.AD)])
        real = os.replace
        for step in (1, 2):
            calls = []

            def replace(a: Path, b: Path, step: int = step, calls: list[Path] = calls) -> None:
                calls.append(b)
                if len(calls) == step:
                    raise KeyboardInterrupt  # as good as a kill: nothing after it runs
                real(a, b)

            with mock.patch.object(module.os, "replace", replace), pytest.raises(KeyboardInterrupt):
                store.finish(changed, 2, sample(changed.told))
            module.sweep(tmp_path)
            assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["films-ferry"]
            assert (tmp_path / "films-ferry" / "labels.jsonl").read_bytes() == before
        store.finish(changed, 2, sample(changed.told))
    assert read_sample(tmp_path / "films-ferry").told[0].label is Label.AD


def test_doing_a_page_again_keeps_what_was_written_beside_it(tmp_path: Path) -> None:
    """A kind and a mark that a person put into meta.json, and files of his own."""
    with Store(tmp_path) as store:
        folder = store.finish(sheet(store), 0, sample(FRESH))
        meta = json.loads((folder / "meta.json").read_text())
        (folder / "meta.json").write_text(json.dumps(meta | {"kind": "film", "hard_negative": True}))
        (folder / "note.md").write_text("Why the share line is review.")
        store.finish(sheet(store), 1, sample(FRESH))
    again = read_sample(folder)
    assert (again.kind, again.hard_negative, (folder / "note.md").exists()) == ("film", True, True)


def test_two_servers_never_label_into_one_folder(tmp_path: Path) -> None:
    """The second is told which process holds it; a process that is gone holds nothing."""
    with Store(tmp_path), pytest.raises(OutputError, match=f"process {os.getpid()}"):
        Store(tmp_path)
    Store(tmp_path).__exit__()


def test_a_page_that_was_put_off_comes_last_until_it_is_changed(tmp_path: Path) -> None:
    """In later sittings too."""
    with Store(tmp_path) as store:
        store.skip(KEY)
    with Store(tmp_path) as store:
        assert store.status(KEY) == "skipped"
        assert store.change(sheet(store), 0, [Change(0, Label.AD)]).status == "begun"


def test_a_folder_that_is_taken_away_is_a_page_to_do_again(tmp_path: Path) -> None:
    """Done is what lies on disk."""
    with Store(tmp_path) as store:
        folder = store.finish(sheet(store), 0, sample(FRESH))
    folder.rename(tmp_path.parent / "elsewhere")
    with Store(tmp_path) as store:
        assert (store.status(KEY), store.has_samples) == ("new", False)


def test_pages_of_one_name_get_folders_of_their_own(tmp_path: Path) -> None:
    """Also on file systems that take A for a."""
    with Store(tmp_path) as store:
        found = [store.put(sample(FRESH, body, name)).name for body, name in ((b"<p>one</p>", "Ferry.html"), (b"<p>two</p>", "ferry.htm"), (b"<p>three</p>", "films/ferry.html"))]
    assert found == ["Ferry", "ferry~2", "films-ferry"]


@pytest.mark.parametrize(
    ("name", "folder"),
    [("a/b.html.gz", "a-b"), ("../../etc/passwd", "etc-passwd"), (".hidden", "hidden"), ("https://x.example/a?b=1", "https-x.example-a-b-1"), ("…", "page"), ("x/page.html", "x"), ("page.html", "page"), ("è/ü.txt", "è-ü")],
)
def test_a_name_of_anything_becomes_a_folder(name: str, folder: str) -> None:
    """Below the folder of the samples, and seen."""
    assert folder_name(name) == folder and len(folder_name(name * 50)) <= 80


def test_labels_outlive_another_cut_into_blocks() -> None:
    """What was said lies on the blocks as they are cut today; what is new keeps what the model says of it."""
    told = (Told("Home Film", Label.CHROME), Told("A good film. Buy a boat.", Label.REVIEW, (("Buy a boat.", Label.AD),)))
    fresh = (Told("Home", Label.REVIEW), Told("Film", Label.REVIEW), Told("A good film. Buy a boat.", Label.NOTICE), Told("Unheard", Label.SHOP))
    assert transferred(told, fresh) == (Told("Home", Label.CHROME), Told("Film", Label.CHROME), told[1], Told("Unheard", Label.SHOP))
