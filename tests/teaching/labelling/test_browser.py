"""The labelling page in a real browser: a page is labelled by keyboard alone, nothing is lost, and nothing of a scraped page runs."""

import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import PAGE, ROOT
from tests.teaching.labelling.test_server import address_of, run

from reviewclean.data import Label
from reviewclean.reading import read
from reviewclean.teaching.labelling.server import LEGEND
from reviewclean.teaching.samples import Sample, lay, read_samples

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
pytest.importorskip("uvicorn", reason="uvicorn is not installed: pip install 'reviewclean[label]'")

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
pytestmark = pytest.mark.skipif(not (CHROMIUM.exists() and DRIVER.exists()), reason="no chromium and chromedriver in /usr/bin: apt-get install chromium chromium-driver")
FLAGS = ("headless=new", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync", "window-size=1400,900")
PATIENCE = 30  # seconds: a busy machine is no failure

HOSTILE = """<!doctype html><html lang="en" onload="window.hacked=1"><head><title>&lt;script&gt;window.hacked=2&lt;/script&gt;<script>window.hacked=3</script></title><base href="https://evil.example/">
<meta http-equiv="refresh" content="0;url=https://evil.example/"><style>body { display: none }</style><link rel="stylesheet" href="https://evil.example/x.css"></head>
<body onload="window.hacked=4"><script>window.hacked=5</script><img src=x onerror="window.hacked=6"><svg onload="window.hacked=7"><script>window.hacked=8</script></svg>
<p class="&quot;onmouseover=window.hacked=9">The film opens with &lt;img src=x onerror="window.hacked=10"&gt; and &lt;/p&gt;&lt;script&gt;window.hacked=11&lt;/script&gt; and stays there for most of an hour.</p>
<p><a href="javascript:window.hacked=12" onclick="window.hacked=13">A link that is a script</a> stands in a paragraph of the review, with ${window.hacked=14} and {{window.hacked=15}} in it.</p>
<iframe srcdoc="<script>parent.hacked=16</script>"></iframe><p id="title">"><script>window.hacked=17</script></p><form action="https://evil.example/"><button>Send</button></form></body></html>"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(f"--{flag}")
    opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    yield opened
    opened.quit()


class Sitting:
    """A server with its pages, and the browser in front of it."""

    def __init__(self, browser: Any, folder: Path, pages: dict[str, str]) -> None:
        self.browser, self.folder, self.mine = browser, folder, folder / "mine"
        for name, body in pages.items():
            (folder / name).write_text(body, encoding="utf-8")
        self._arguments = (*(str(folder / name) for name in pages), "-o", str(self.mine), "--no-browser", "--writer", "ines", "--order", "given")

    def begin(self) -> None:
        self.server: subprocess.Popen[str] = run(*self._arguments)
        self.address = address_of(self.server)
        self.browser.get("about:blank")
        self.browser.get(self.address)
        self.until(lambda: self.all(".block") or self.all(".finished"))

    def end(self, how: int = signal.SIGINT) -> None:
        if self.server.poll() is None:
            self.server.send_signal(how)
        self.server.communicate(timeout=PATIENCE)

    def until(self, fact: Callable[[], Any]) -> None:
        from selenium.webdriver.support.wait import WebDriverWait

        WebDriverWait(self.browser, PATIENCE, 0.05).until(lambda _: fact())

    def all(self, selector: str) -> list[Any]:
        return list(self.browser.find_elements("css selector", selector))

    def js(self, code: str, *arguments: Any) -> Any:
        return self.browser.execute_script(code, *arguments)

    def press(self, *keys: str) -> None:
        from selenium.webdriver import ActionChains

        for key in keys:
            ActionChains(self.browser).send_keys(key).perform()

    def saved(self) -> None:
        self.until(lambda: self.text("saved") == "saved")

    def text(self, name: str) -> str:
        return str(self.js("return document.getElementById(arguments[0]).textContent", name))

    def labels(self) -> list[str]:
        return list(self.js("return [...document.querySelectorAll('.block')].map(block => block.dataset.label)"))

    def marks(self) -> list[list[str]]:
        return list(self.js("return [...document.querySelectorAll('mark')].map(mark => [mark.textContent, mark.dataset.label])"))

    def at(self) -> str:
        """The text of the current block."""
        return str(self.js("return document.querySelector('.current .text').textContent"))

    def go_to(self, words: str) -> None:
        """By keyboard: j until the block that holds these words is the current one."""
        self.press("\ue011")  # Home
        for _ in self.labels():
            if words in self.at():
                return
            self.press("j")
        raise AssertionError(f"no block holds {words!r}")

    def sample(self) -> Sample:
        (one,) = read_samples(self.mine)
        return one


@pytest.fixture
def begin(browser: Any, tmp_path: Path) -> Iterator[Callable[[dict[str, str]], Sitting]]:
    sittings = []

    def begun(pages: dict[str, str]) -> Sitting:
        sittings.append(Sitting(browser, tmp_path, pages))
        sittings[-1].begin()
        return sittings[-1]

    yield begun
    browser.set_network_conditions(offline=False, latency=0, throughput=-1)
    for one in sittings:
        one.end()


def test_a_page_is_labelled_by_keyboard_alone(begin: Callable[[dict[str, str]], Sitting]) -> None:
    """Labels, a mark inside a block, undo and redo; after a reload all is there; done, it reads back as a sample with the same labels."""
    desk = begin({"ferry.html": PAGE})
    desk.go_to("Verdict")
    before = desk.labels()
    desk.press("s", "z", "z")
    assert desk.labels() == before
    desk.press("y")
    assert desk.labels() != before and desk.labels().count("share") == before.count("share") + 1
    desk.press("z", "l", "y")  # what is done after an undo leaves nothing to do again
    assert desk.labels().count("share") == before.count("share") and desk.labels().count("links") == before.count("links") + 1
    desk.go_to("Not everything holds")
    desk.press("v", "v", "x")
    assert [label for _, label in desk.marks()] == ["ad"] and desk.marks()[0][0].startswith("The storm in the last act")
    desk.press("v", "W", "W", "w", "c")
    assert [label for _, label in desk.marks()] == ["credit", "ad"] and desk.marks()[0][0] == "Not everything"
    desk.saved()
    labels, marks = desk.labels(), desk.marks()
    desk.browser.refresh()
    desk.until(lambda: desk.all(".block"))
    assert (desk.labels(), desk.marks()) == (labels, marks)
    desk.press("\ue007")  # Enter
    desk.until(lambda: desk.all(".finished"))
    sample = desk.sample()
    blocks = read(sample.page).blocks
    laid = lay(sample, blocks)
    assert sample.page.body == PAGE.encode() and sample.writer == "ines"
    assert [str(one.label) for one in laid] == labels
    assert sorted([block.text[span.start : span.end], str(span.label)] for block, one in zip(blocks, laid, strict=True) for span in one.spans) == sorted(marks)


def test_undo_outlives_a_reload_and_a_look_at_another_page(begin: Callable[[dict[str, str]], Sitting]) -> None:
    """What was done can be taken back, and brought again, in the same tab."""
    desk = begin({"a.html": PAGE, "b.html": PAGE.replace("Glass", "Iron")})
    before = desk.labels()
    desk.press("s", "j", "l")
    after = desk.labels()
    desk.saved()
    desk.browser.refresh()
    desk.until(lambda: desk.all(".block"))
    desk.press("z", "z")
    assert desk.labels() == before
    desk.press("]")
    desk.until(lambda: "Iron" in desk.text("title"))
    desk.press("z")
    assert "nothing to undo" in desk.text("hint")
    desk.press("[")
    desk.until(lambda: "Glass" in desk.text("title"))
    desk.press("y", "y")
    assert desk.labels() == after
    desk.saved()


def test_a_hard_negative_is_told_so(begin: Callable[[dict[str, str]], Sitting]) -> None:
    """Not while the page has an ad in it; then its meta.json says so."""
    desk = begin({"ferry.html": PAGE})
    desk.go_to("Lucky Marble Casino")
    desk.press("a", "e")
    desk.until(lambda: "has no ad in it" in desk.text("hint"))
    desk.press("r", "e")
    desk.until(lambda: desk.all(".finished"))
    assert desk.sample().hard_negative and "reviewclean train" in desk.text("blocks")


def test_shift_labels_all_that_is_of_one_making(begin: Callable[[dict[str, str]], Sitting]) -> None:
    """The items of a menu from here on, and nothing else; one undo takes it back."""
    desk = begin({"ferry.html": PAGE})
    before = desk.labels()
    desk.go_to("Film")
    desk.press("L")
    changed = [i for i, (old, new) in enumerate(zip(before, desk.labels(), strict=True)) if old != new]
    assert changed == [1, 2, 3] and desk.labels()[:4] == [before[0], "links", "links", "links"]
    desk.press("z")
    assert desk.labels() == before


def test_doubtful_blocks_are_jumped_to(begin: Callable[[dict[str, str]], Sitting]) -> None:
    """n goes from one to the next; a person's yes ends the doubt."""
    desk = begin({"halo.html": (ROOT / "data" / "samples" / "orrin-halo-3-headphones" / "page.html").read_text(encoding="utf-8")})
    doubtful = len(desk.all(".block.doubtful"))
    assert doubtful
    desk.press("n")
    (current,) = desk.all(".block.current")
    assert "doubtful" in current.get_attribute("class")
    desk.press(LEGEND[Label(current.get_attribute("data-label"))][0])
    assert len(desk.all(".block.doubtful")) == doubtful - 1


def test_a_mark_means_the_words_that_were_taken(begin: Callable[[dict[str, str]], Sitting]) -> None:
    """A sample finds a mark by its words: where they stand earlier in the block too, words before them are taken in, and the page says so."""
    desk = begin({"ferry.html": PAGE.replace("<h2>Verdict</h2>", "<p>See it now. It is a very good film about a ferry, and the captain is good. See it now.</p><h2>Verdict</h2>")})
    desk.go_to("See it now.")
    desk.press("r", "v", "v", "v", "x")
    assert desk.marks() == [["good. See it now.", "ad"]] and "words before were taken in" in desk.text("hint")
    desk.saved()


def test_the_mouse_does_it_too(begin: Callable[[dict[str, str]], Sitting]) -> None:
    """A click on a block and on a label of the legend; words that are dragged over, to the whole word; a mark that is clicked and taken away."""
    from selenium.webdriver import ActionChains

    desk = begin({"ferry.html": PAGE})
    block = next(block for block in desk.all(".block") if "about work: ropes" in block.text)
    block.click()
    desk.browser.find_element("css selector", "#legend [data-label=shop]").click()
    assert block.get_attribute("data-label") == "shop"
    desk.browser.find_element("css selector", "#legend [data-label=review]").click()
    desk.js("""const text = arguments[0].querySelector('.text').firstChild, span = document.createRange(); const at = text.data.indexOf('irector'); span.setStart(text, at); span.setEnd(text, at + 10);
        getSelection().removeAllRanges(); getSelection().addRange(span);""", block)
    desk.browser.find_element("css selector", "#legend [data-label=ad]").click()
    assert desk.marks() == [["Director Paul", "ad"]]
    ActionChains(desk.browser).click(desk.all("mark")[0]).perform()
    desk.press("r")
    assert desk.marks() == []
    desk.saved()


def test_nothing_of_a_hostile_page_runs(begin: Callable[[dict[str, str]], Sitting]) -> None:
    """Scripts, handlers, links, markup in the text, and a page that would lead away: all of it is text."""
    desk = begin({"hostile.html": HOSTILE})
    for key in ("j", "j", "k", "v", "x", "i", "g", "\ue00c", "?", "\ue00c", "a", "r"):  # \ue00c: Esc
        desk.press(key)
    for block in desk.all(".block"):
        block.click()
    desk.saved()
    assert desk.js("return [typeof window.hacked, document.querySelectorAll('main script, main img, main a, main iframe, main svg, main form, main style, main [onclick]').length]") == ["undefined", 0]
    shown = desk.js("return document.querySelector('main').textContent")
    assert '<img src=x onerror="window.hacked=10">' in shown and "<script>window.hacked=11</script>" in shown
    assert desk.browser.current_url.startswith(desk.address) and "window.hacked=2" in desk.text("title")
    desk.press("\ue007")
    desk.until(lambda: desk.all(".finished"))
    assert desk.js("return typeof window.hacked") == "undefined" and desk.sample().page.body == HOSTILE.encode()


def test_a_killed_server_loses_nothing(begin: Callable[[dict[str, str]], Sitting]) -> None:
    """What was saved is there in the next sitting; the tab says that the server is gone, and keeps what it could not save."""
    desk = begin({"ferry.html": PAGE})
    desk.press("p")
    desk.saved()
    labels = desk.labels()
    desk.end(signal.SIGKILL)
    desk.press("j", "p")
    desk.until(lambda: "not saved" in desk.text("saved"))
    desk.js("window.addEventListener('beforeunload', event => event.stopImmediatePropagation(), true)")
    desk.begin()
    assert desk.labels() == labels


def test_what_could_not_be_saved_is_sent_again(begin: Callable[[dict[str, str]], Sitting]) -> None:
    """A server that did not answer for a while costs nothing."""
    desk = begin({"ferry.html": PAGE})
    desk.browser.set_network_conditions(offline=True, latency=0, throughput=0)
    desk.press("p", "j", "d")
    desk.until(lambda: "not saved" in desk.text("saved"))
    desk.browser.delete_network_conditions()
    desk.saved()
    labels = desk.labels()
    desk.browser.refresh()
    desk.until(lambda: desk.all(".block"))
    assert desk.labels() == labels and labels[:2] == ["shop", "disclosure"]


def test_the_second_tab_is_told_and_loads_the_page_again(begin: Callable[[dict[str, str]], Sitting]) -> None:
    """It never writes over what the first one said."""
    desk = begin({"ferry.html": PAGE})
    first = desk.browser.current_window_handle
    desk.browser.switch_to.new_window("tab")
    second = desk.browser.current_window_handle
    desk.browser.get(desk.address)
    desk.until(lambda: desk.all(".block"))
    desk.press("p")
    desk.saved()
    desk.browser.switch_to.window(first)
    desk.press("j", "d")
    desk.until(lambda: "another tab" in desk.text("hint"))
    assert desk.labels()[0] == "shop" and desk.labels()[1] != "disclosure"
    desk.press("j", "d")
    desk.saved()
    assert desk.labels()[1] == "disclosure"
    desk.browser.switch_to.window(second)
    desk.browser.close()
    desk.browser.switch_to.window(first)


def test_pages_come_one_after_another(begin: Callable[[dict[str, str]], Sitting]) -> None:
    """Done, put off, and at the end a word of what is left; the list leads back."""
    desk = begin({"a.html": PAGE, "b.html": PAGE.replace("Glass", "Iron"), "c.html": PAGE.replace("Glass", "Stone")})
    desk.press("q")
    desk.until(lambda: "Iron" in desk.text("title"))
    desk.press("\ue007")
    desk.until(lambda: "Stone" in desk.text("title"))
    desk.press("\ue007")
    desk.until(lambda: desk.all(".finished"))
    assert "1 of 3 pages were put off" in desk.text("blocks") and sorted(path.name for path in desk.mine.iterdir() if path.is_dir()) == ["b", "c"]
    desk.press("g")
    desk.all("#rows button")[0].click()
    desk.until(lambda: "Glass" in desk.text("title"))


def test_what_a_page_hides_is_folded_away(begin: Callable[[dict[str, str]], Sitting]) -> None:
    """Until it is asked for."""
    desk = begin({"a.html": PAGE.replace("<footer", "<div style='display:none'><p>Accept all cookies</p><p>Privacy settings</p></div><footer")})
    assert "Accept all cookies" not in [block.text for block in desk.all(".block .text")] and desk.all(".fold")[0].text.startswith("2 hidden blocks")
    desk.press("i")
    assert "Accept all cookies" in [block.text for block in desk.all(".block .text")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_label_can_be_read(scheme: str, begin: Callable[[dict[str, str]], Sitting]) -> None:
    """A contrast of 4.5 and more on all its grounds (WCAG 2.2, AA), in light and in dark."""
    desk = begin({"ferry.html": PAGE})
    desk.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    names = ["ink", "soft", "doubt", *(str(label) for label in Label)]
    found = {name: _light(desk.js("return getComputedStyle(document.documentElement).getPropertyValue('--' + arguments[0])", name)) for name in (*names, "paper", "sheet", "current")}
    for ground in ("paper", "sheet", "current"):
        for name in names:
            high, low = sorted((found[name], found[ground]), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, (name, ground)
    desk.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def _light(colour: str) -> float:
    """The relative luminance of #rrggbb."""
    found = re.fullmatch(r"\s*#(..)(..)(..)\s*", colour)
    assert found is not None, colour
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (int(one, 16) / 255 for one in found.groups()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
