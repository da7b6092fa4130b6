"""The labelling page over HTTP: who is let in, what is answered, what is on disk afterwards."""

import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from tests.conftest import PAGE, PROMO, ROOT

from reviewclean import Cleaner, Page
from reviewclean.cli.label import label
from reviewclean.data import Label
from reviewclean.errors import InputError
from reviewclean.reading import read
from reviewclean.teaching.labelling.queue import look
from reviewclean.teaching.labelling.server import LEGEND, STATIC, Desk, app_of, listen, serve
from reviewclean.teaching.labelling.store import Store
from reviewclean.teaching.samples import lay, read_samples

pytest.importorskip("starlette", reason="starlette is not installed: pip install 'reviewclean[label]'")
testclient = pytest.importorskip("starlette.testclient", reason="the test client of starlette needs httpx")

TOKEN, PORT = "secret-token", 8765
HERE = f"http://127.0.0.1:{PORT}"
FROM_HERE = {"origin": HERE}


class Kept:
    """A page in memory, as a source."""

    def __init__(self, name: str, body: str) -> None:
        self.name, self._body = name, body

    def page(self) -> Page:
        return Page(self._body, id=self.name, url=f"https://x.example/{self.name}", kind="html")


PAGES = [Kept("ferry.html", PAGE), Kept("barge.html", PAGE.replace("ferry", "barge"))]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "mine") as opened:
        yield opened


@pytest.fixture
def client(store: Store, cleaner: Cleaner) -> testclient.TestClient:
    return client_of(store, cleaner)


def client_of(store: Store, cleaner: Cleaner) -> testclient.TestClient:
    return testclient.TestClient(app_of(Desk(list(look(PAGES, cleaner)), cleaner, store, "ines"), TOKEN, PORT), base_url=f"{HERE}/{TOKEN}/", headers=FROM_HERE)


def first(client: testclient.TestClient) -> dict[str, Any]:
    """The first page, as the browser gets it."""
    return dict(client.get(f"pages/{client.get('pages').json()['pages'][0]['key']}").json())


@pytest.mark.parametrize("path", ["/", "/pages", "/label.js", "/favicon.ico", f"/{TOKEN[:-1]}/", f"/{TOKEN}x/pages", f"//{TOKEN}/", "/../etc/passwd", f"/x/{TOKEN}/"])
def test_nobody_gets_in_without_the_secret(client: testclient.TestClient, path: str) -> None:
    """Not to the page, not to its data, not to a file."""
    for method in ("GET", "POST", "PUT", "OPTIONS"):
        answer = client.request(method, HERE + path)
        assert answer.status_code == 403 and TOKEN not in answer.text


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:80", f"127.0.0.1.evil.example:{PORT}", f"0.0.0.0:{PORT}", ""])
def test_a_name_that_was_made_to_lead_here_is_refused(client: testclient.TestClient, host: str) -> None:
    """DNS rebinding: the Host header tells."""
    assert client.get("pages", headers={"host": host}).status_code == 403
    assert client.get("pages", headers={"host": f"localhost:{PORT}"}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", f"https://127.0.0.1:{PORT}", "http://127.0.0.1:80", ""])
def test_changes_come_from_the_page_alone(client: testclient.TestClient, store: Store, origin: str) -> None:
    """Another page of the same browser is told by its Origin, even if it knows the address."""
    key = first(client)["key"]
    for act in ("changes", "done", "skip"):
        answer = client.post(f"pages/{key}/{act}", json={"revision": 0, "changes": [{"block": 0, "label": "ad"}]}, headers={"origin": origin})
        assert answer.status_code == 403
    assert store.status(str(key)) == "new"


@pytest.mark.parametrize("path", ["", "label.js", "label.css", "pages", "nothing-here", f"{HERE}/"])
def test_every_answer_forbids_what_it_does_not_need(client: testclient.TestClient, path: str) -> None:
    """Pages, data, and errors."""
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "connect-src": "'self'", "img-src": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'", "form-action": "'none'",
        "require-trusted-types-for": "'script'",
    }  # fmt: skip
    assert (headers["x-content-type-options"], headers["referrer-policy"], headers["cache-control"]) == ("nosniff", "no-referrer", "no-store")


def test_the_page_needs_nothing_from_outside(client: testclient.TestClient) -> None:
    """No address of another host, no script or style inside the page, nothing that parses markup."""
    page, script, style = (client.get(name).text for name in ("", "label.js", "label.css"))
    assert not re.search(r"https?://|//[a-z]", "".join(re.sub(r"(?<!:)// .*", "", text) for text in (page, script, style)))
    assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=", page)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|DOMParser", script)
    assert sorted(path.name for path in STATIC.iterdir()) == ["label.css", "label.html", "label.js"]


def test_every_label_has_a_key_of_its_own() -> None:
    """And none of the keys that do something else."""
    keys = [key for key, _ in LEGEND.values()]
    assert set(LEGEND) == set(Label) and len(set(keys)) == len(keys)
    table = re.search(r"const KEYS = \{(.*?)\n\};", (STATIC / "label.js").read_text(encoding="utf-8"), re.DOTALL)
    assert table is not None
    taken = set(re.findall(r'^  "?([^\s":]+)"?: ', table[1], re.MULTILINE)) | {"g", "?"}
    assert {"j", "k", "n", "x", "z", "y", "q", "w", "Enter"} <= taken and not taken & {*keys, *(key.upper() for key in keys)}


def test_a_page_comes_as_text_with_what_the_model_says(client: testclient.TestClient) -> None:
    """Blocks, labels, how sure, and which are of one making."""
    page = first(client)
    blocks = {block["text"]: block for block in page["blocks"]}
    promo = next(block for text, block in blocks.items() if PROMO in text)
    assert promo["label"] == promo["model"]["label"] == "ad" and 0 < promo["model"]["score"] <= 1
    assert blocks["Home"]["group"] == blocks["Film"]["group"] != promo["group"]
    assert (page["title"], page["language"], page["revision"], page["status"]) == ("The Glass Ferry review", "en", 0, "new")


def test_a_change_is_on_disk_before_it_is_confirmed(client: testclient.TestClient, store: Store) -> None:
    """And what was begun is taken up by the next server."""
    page = first(client)
    prose = next(i for i, block in enumerate(page["blocks"]) if "opens on a harbour" in block["text"])
    answer = client.post(f"pages/{page['key']}/changes", json={"revision": 0, "changes": [{"block": 0, "label": "shop"}, {"block": prose, "label": "review", "spans": [["opens", "ad"]]}]})
    assert answer.json() == {"revision": 1}
    last = json.loads((store.folder / ".labelling.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert last["changes"] == [{"block": 0, "label": "shop", "spans": []}, {"block": prose, "label": "review", "spans": [["opens", "ad"]]}]
    again = first(client)
    assert (again["blocks"][0]["label"], again["blocks"][prose]["spans"], again["revision"], again["status"]) == ("shop", [["opens", "ad"]], 1, "begun")


def test_an_older_revision_is_answered_with_409(client: testclient.TestClient) -> None:
    """With a sentence for the tab that was late."""
    key = first(client)["key"]
    for label_, code in (("shop", 200), ("ad", 409)):
        answer = client.post(f"pages/{key}/changes", json={"revision": 0, "changes": [{"block": 0, "label": label_}]})
        assert answer.status_code == code
    assert "another tab" in answer.json()["error"]
    assert client.post(f"pages/{key}/done", json={"revision": 0}).status_code == 409
    assert first(client)["blocks"][0]["label"] == "shop"


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"revision": "0"}', b'{"revision": 0, "changes": [{"block": 0, "label": "advert"}]}', b'{"revision": 0, "changes": [{"block": 999, "label": "ad"}]}', b'{"revision": 0, "more": 1}', b'{"revision": 0}' + b" " * 9_000_000])  # fmt: skip
def test_what_is_no_change_is_refused_in_a_sentence(client: testclient.TestClient, body: bytes) -> None:
    """With 422, and nothing is kept of it."""
    page = first(client)
    answer = client.post(f"pages/{page['key']}/changes", content=body)
    assert answer.status_code == 422 and answer.json()["error"]
    assert first(client) == page


def test_what_is_not_there_is_404_and_a_full_disk_500(client: testclient.TestClient, store: Store) -> None:
    """Both with a sentence."""
    key = first(client)["key"]
    assert client.get("pages/none").status_code == client.post("pages/none/skip", json={"revision": 0}).status_code == 404
    with mock.patch("reviewclean.teaching.labelling.store.os.fsync", side_effect=OSError(28, "No space left on device")):
        answer = client.post(f"pages/{key}/changes", json={"revision": 0, "changes": [{"block": 0, "label": "shop"}]})
    assert answer.status_code == 500 and "No space left" in answer.json()["error"]


def test_a_page_that_is_done_is_a_sample(client: testclient.TestClient, store: Store) -> None:
    """With the model's labels where nobody changed them, laid over its page block by block; it can be changed and done again."""
    page = first(client)
    promo = next(i for i, block in enumerate(page["blocks"]) if PROMO in block["text"])
    span = "Planning a night in of your own?"
    client.post(f"pages/{page['key']}/changes", json={"revision": 0, "changes": [{"block": promo, "label": "review", "spans": [[span, "ad"]]}]})
    assert client.post(f"pages/{page['key']}/done", json={"revision": 1}).json() == {"folder": "ferry", "revision": 2}
    (sample,) = read_samples(store.folder)
    blocks = read(sample.page).blocks
    assert (sample.page.body, sample.writer, sample.site, sample.language, sample.page.url) == (PAGE.encode(), "ines", "x.example", "en", "https://x.example/ferry.html")
    laid = lay(sample, blocks)
    assert [laid[promo].label, *(blocks[promo].text[x.start : x.end] for x in laid[promo].spans)] == ["review", span]
    assert [str(one.label) for k, one in enumerate(laid) if k != promo] == [block["label"] for k, block in enumerate(page["blocks"]) if k != promo]
    assert [row["status"] for row in client.get("pages").json()["pages"]] == ["done", "new"]
    client.post(f"pages/{page['key']}/changes", json={"revision": 2, "changes": [{"block": promo, "label": "ad"}]})
    client.post(f"pages/{page['key']}/done", json={"revision": 3})
    (sample,) = read_samples(store.folder)
    assert sample.told[promo].label is Label.AD and not sample.told[promo].spans


def test_a_page_asked_for_again_is_as_it_was_done(client: testclient.TestClient, store: Store, cleaner: Cleaner) -> None:
    """--again: its labels come from its sample, and it counts as not done in this sitting until it is done once more."""
    key = first(client)["key"]
    client.post(f"pages/{key}/changes", json={"revision": 0, "changes": [{"block": 0, "label": "shop"}]})
    client.post(f"pages/{key}/done", json={"revision": 1})
    later = client_of(store, cleaner)
    page = first(later)
    assert (page["status"], page["revision"], page["blocks"][0]["label"]) == ("new", 2, "shop")
    later.post(f"pages/{key}/done", json={"revision": 2})
    assert first(later)["status"] == "done"


def test_a_page_is_put_off(client: testclient.TestClient, store: Store) -> None:
    """In the journal, so that it comes last in later sittings too."""
    key = str(first(client)["key"])
    assert client.post(f"pages/{key}/skip", json={"revision": 0}).json() == {}
    assert store.status(key) == first(client)["status"] == "skipped"


def test_it_listens_on_this_machine_only() -> None:
    """On a free port, or on the one that was asked for."""
    with listen() as one:
        address, port = one.getsockname()
        assert address == "127.0.0.1"
        with pytest.raises(InputError, match=f"port {port} cannot be had"):
            listen(port)


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_without_its_libraries_it_says_what_to_install(missing: str, monkeypatch: pytest.MonkeyPatch, store: Store, cleaner: Cleaner) -> None:
    """A sentence with the command."""
    for name in [missing, *(name for name in sys.modules if name.startswith(f"{missing}."))]:
        monkeypatch.setitem(sys.modules, name, None)
    with listen() as opened, pytest.raises(InputError, match=r"pip install 'reviewclean\[label\]'"):
        serve(Desk([], cleaner, store, ""), opened, print)


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    """The command alone brings in no server."""
    code = "import sys, reviewclean.cli.label; assert not {'starlette', 'uvicorn', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def run(*arguments: str) -> subprocess.Popen[str]:
    code = "import sys; from reviewclean.cli.label import label; sys.exit(label.main(sys.argv[1:], standalone_mode=False))"
    return subprocess.Popen([sys.executable, "-c", code, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def address_of(process: subprocess.Popen[str]) -> str:
    """What it prints on standard error."""
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"http://127\.0\.0\.1:\d+/[\w-]{40,}/", line):
            return found[0]
    raise AssertionError("no address was printed")


def test_the_command_serves_until_it_is_interrupted_and_goes_on_later(tmp_path: Path) -> None:
    """Ctrl-C ends it in order; the next sitting leaves out what is done, and ends at once where all is."""
    (tmp_path / "ferry.html").write_text(PAGE, encoding="utf-8")
    process = run(str(tmp_path / "ferry.html"), "-o", str(tmp_path / "mine"), "--no-browser", "--writer", "ines")
    address = address_of(process)
    with urllib.request.urlopen(f"{address}pages") as answer:
        (row,) = json.load(answer)["pages"]
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(address.rsplit("/", 2)[0] + "/pages")
    post = urllib.request.Request(f"{address}pages/{row['key']}/done", b'{"revision": 0}', {"origin": address.rsplit("/", 2)[0]})
    with urllib.request.urlopen(post) as answer:
        assert json.load(answer)["folder"] == "ferry"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 0 and "1 of 1 pages are done" in errors and "Traceback" not in errors
    again = run(str(tmp_path / "ferry.html"), "-o", str(tmp_path / "mine"), "--no-browser")
    _, errors = again.communicate(timeout=60)
    assert again.returncode == 0 and "nothing to label" in errors


def test_export_and_import_from_the_command_line(tmp_path: Path, store: Store) -> None:
    """What was written for another tool comes back; pages and these two exclude each other."""
    from click.testing import CliRunner

    from reviewclean.teaching.samples import Sample, Told

    store.put(Sample("ferry", Page(b"A good film.", kind="text"), (Told("A good film.", Label.REVIEW),)))
    file = tmp_path / "out.jsonl"
    told = CliRunner().invoke(label, ["--export", "doccano", str(file), "-o", str(store.folder)], standalone_mode=False)
    assert told.exception is None and "1 samples" in told.output
    file.write_text(file.read_text(encoding="utf-8").replace("review", "notice"), encoding="utf-8")
    other = tmp_path / "other"
    told = CliRunner().invoke(label, ["--import", "doccano", str(file), "-o", str(other)], standalone_mode=False)
    assert told.exception is None and read_samples(other)[0].told == (Told("A good film.", Label.NOTICE),)
    for wrong in (["-o", "x"], ["a.html", "-o", "x", "--export", "doccano", "f"]):
        assert CliRunner().invoke(label, wrong).exit_code == 2


def test_the_guide_shows_what_is_there() -> None:
    """Every key of the legend, and its pictures, each below 200 KB."""
    guide = (ROOT / "docs" / "labelling-page.md").read_text(encoding="utf-8")
    for name, (key, _) in LEGEND.items():
        assert f"| `{key}` | {name} |" in guide
    pictures = re.findall(r"\((images/label-\w+\.png)\)", guide)
    assert len(pictures) == 3 and all((ROOT / "docs" / picture).stat().st_size < 200_000 for picture in pictures)
