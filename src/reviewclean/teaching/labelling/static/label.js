// The labelling page. What comes from a scraped page is only ever put into text nodes; a policy of the server forbids everything else.

const $ = (id) => document.getElementById(id);
const HINT = "`n` next doubtful block · a letter labels it · `v` takes a sentence of it · `Enter` page done";
const KEEPALIVE = 60_000; // bytes that a browser still sends for a tab that is closed
const RETRY = 1_500; // ms until a change is sent again that the server did not take

let book = { pages: [], labels: [], folder: "" };
let page = null; // the page under the pen, as the server told it, each block with its elements
let at = 0; // the current block
let steps = []; // what was done, to be undone; a step is a list of { block, before, after }
let undone = [];
let busy = false; // a page is being left or loaded: keys would hit the wrong one

const letters = () => new Map(book.labels.map((label) => [label.key, label.name]));

// ---------------------------------------------------------------- talking to the server

async function ask(path, body) {
  const content = body && JSON.stringify(body);
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: content, keepalive: body && content.length < KEEPALIVE };
  const answer = await fetch(path, body ? post : {});
  const told = answer.headers.get("content-type")?.startsWith("application/json") ? await answer.json() : { error: await answer.text() };
  if (!answer.ok) throw Object.assign(new Error(told.error), { status: answer.status });
  return told;
}

const why = (error) => (error.status ? error.message : "the server does not answer: is it still running?");

// Changes go out one request at a time, in order; what is made meanwhile waits and goes with the next.
const saver = {
  waiting: [],
  flying: false,
  running: null,
  save(changes) {
    this.waiting.push(...changes);
    this.running ??= this.run().finally(() => (this.running = null));
  },
  async run() {
    while (this.waiting.length) {
      const sent = this.waiting;
      this.waiting = [];
      saved("saving …");
      try {
        this.flying = true;
        page.revision = (await ask(`pages/${page.key}/changes`, { revision: page.revision, changes: sent })).revision;
        this.flying = false;
        saved("saved");
      } catch (error) {
        this.flying = false;
        if (error.status === 409 || error.status === 422) {
          this.waiting = [];
          return load(page.key, error.message);
        }
        this.waiting = [...sent, ...this.waiting];
        saved(`not saved: ${why(error)}`, true);
        await new Promise((resolve) => setTimeout(resolve, RETRY));
      }
    }
  },
};

function saved(text, trouble = false) {
  $("saved").textContent = text;
  $("saved").classList.toggle("trouble", trouble);
}

// ---------------------------------------------------------------- pages

async function load(key, notice = "") {
  if (page) remember();
  const [all, told] = await Promise.all([ask("pages"), ask(`pages/${key}`)]);
  book = all;
  ({ steps, undone } = recalled(told));
  history.replaceState(null, "", `#${key}`);
  show(told);
  saved(told.revision ? "saved" : "");
  hint(notice, Boolean(notice));
}

// What can be undone outlives a reload and a look at another page, in this tab, as long as nobody else changes the page.
function remember() {
  const revision = page.revision + saver.flying + Boolean(saver.waiting.length);
  try {
    sessionStorage.setItem(page.key, JSON.stringify({ revision, steps, undone }));
  } catch {
    sessionStorage.clear(); // it is full: undo begins anew
  }
}

function recalled({ key, revision }) {
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  return kept.revision === revision ? kept : { steps: [], undone: [] };
}

// What ends in another page: one at a time, after the last change is saved, and not at all where saving it brought the page of another tab.
async function leaving(act) {
  if (busy) return;
  busy = true;
  const left = page;
  try {
    await saver.running;
    if (page === left) await act();
  } catch (error) {
    if (error.status === 409) await load(left.key, error.message);
    else hint(why(error), true);
  } finally {
    busy = false;
  }
}

const go = (key) => leaving(() => load(key));

const todo = (one) => one.status === "new" || one.status === "begun";

// The next page in a circle that is not done; those that were put off come last.
function next() {
  const here = book.pages.findIndex((one) => one.key === page.key);
  const round = [...book.pages.slice(here + 1), ...book.pages.slice(0, here)];
  return round.find(todo);
}

const leave = (what, said = {}) =>
  leaving(async () => {
    const { key, name, revision } = page;
    const told = await ask(`pages/${key}/${what}`, { revision, ...said });
    book.pages.find((one) => one.key === key).status = what === "done" ? "done" : "skipped";
    const following = next();
    if (following) await load(following.key);
    else finished();
    saved(what === "done" ? `${told.folder} is written` : `${name} is put off`);
  });

function turn(by) {
  const there = book.pages[book.pages.findIndex((one) => one.key === page.key) + by];
  if (there) go(there.key);
  else hint(by > 0 ? "this is the last page" : "this is the first page");
}

function finished() {
  page = null;
  const off = book.pages.filter((one) => one.status === "skipped").length;
  count();
  $("title").textContent = "";
  $("about").textContent = "";
  $("note").hidden = true;
  $("map").replaceChildren();
  const said = make("div", "finished");
  said.append(make("h2", "", off ? "All but what was put off is done" : "All pages are done"));
  said.append(make("p", "", off ? `${off} of ${book.pages.length} pages were put off: press g to open one.` : `${book.pages.length} pages are in ${book.folder}. You can close this tab and end the server with Ctrl-C.`));
  said.append(make("p", "", "To train with them:"), make("code", "", `reviewclean train ${book.folder} -o mine.joblib`));
  $("blocks").replaceChildren(said);
  hint("");
}

// ---------------------------------------------------------------- showing

function make(tag, kind = "", text = "") {
  const element = document.createElement(tag);
  element.className = kind;
  element.textContent = text;
  return element;
}

function show(told) {
  page = told;
  $("title").textContent = page.title || page.name;
  $("note").textContent = page.note;
  $("note").hidden = !page.note;
  const main = $("blocks");
  main.replaceChildren();
  main.lang = page.language;
  $("map").replaceChildren();
  page.blocks.forEach((block, i) => {
    block.element = make("section", "block");
    block.element.id = `block-${i}`;
    block.element.setAttribute("role", "option");
    block.why = make("div", "why");
    block.body = make("p", "text");
    block.body.dir = "auto";
    block.element.append(block.why, block.body);
    block.spot = make("i");
    block.spot.style.flexGrow = Math.sqrt(block.text.length);
    block.spot.dataset.at = i;
    $("map").append(block.spot);
    main.append(block.element);
    draw(i);
  });
  fold();
  count();
  at = 0;
  stand(Math.max(page.blocks.findIndex((block) => !block.element.hidden), 0), false);
  window.scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

const sells = () => page.blocks.some((block) => block.label === "ad" || block.spans.some(([, label]) => label === "ad"));
const changed = (block) => block.label !== block.model.label || JSON.stringify(block.spans) !== JSON.stringify(block.model.spans);
const doubtful = (block) => !changed(block) && !block.checked && block.model.score < page.doubt;
const percent = (score) => `${Math.min(99, Math.round(100 * score))}\u00a0%`;

function draw(i) {
  const block = page.blocks[i];
  const { element, why, body, spot } = block;
  element.className = ["block", block.label === "review" ? "review" : "", block.kind, doubtful(block) ? "doubtful" : "", i === at ? "current" : ""].join(" ");
  element.dataset.label = spot.dataset.label = block.label;
  spot.classList.toggle("doubtful", doubtful(block));
  why.replaceChildren(make("span", "chip", block.label));
  const sure = percent(block.model.score);
  if (changed(block)) why.append(make("span", "was", `model: ${block.model.label}, ${sure}`));
  else why.append(make("span", "sure", doubtful(block) ? `? ${sure}` : block.checked ? `${sure} ✓` : sure));
  if (block.hidden) why.append(make("span", "was", "hidden in the page"));
  body.replaceChildren();
  let from = 0;
  for (const [start, end, label] of places(block)) {
    const mark = make("mark", "", block.text.slice(start, end));
    mark.dataset.label = label;
    body.append(block.text.slice(from, start), mark);
    from = end;
  }
  body.append(block.text.slice(from));
}

// Where the spans of a block stand, as [start, end, label]: a span is told by its words, and means the first place where these stand.
function places(block) {
  const found = block.spans.map(([text, label]) => [block.text.indexOf(text), block.text.indexOf(text) + text.length, label]);
  return found.sort((a, b) => a[0] - b[0] || b[1] - a[1]).filter(([start], k, all) => !all.slice(0, k).some((before) => before[1] > start));
}

// Runs of blocks that the page hides and nobody takes for review are folded away.
function fold() {
  const folds = [];
  page.blocks.forEach((block, i) => {
    if (!block.hidden || block.label === "review") return;
    const last = folds.at(-1);
    if (last && last.at(-1) === i - 1) last.push(i);
    else folds.push([i]);
  });
  for (const run of folds) {
    const button = make("button", "fold", "");
    button.type = "button";
    const set = (hidden) => {
      for (const i of run) page.blocks[i].element.hidden = hidden;
      button.textContent = `${run.length} hidden ${run.length === 1 ? "block" : "blocks"}: ${hidden ? "show" : "fold"}`;
      button.ariaExpanded = String(!hidden);
    };
    button.addEventListener("click", () => set(!page.blocks[run[0]].element.hidden));
    set(true);
    page.blocks[run[0]].element.before(button);
  }
}

function count() {
  const done = book.pages.filter((one) => one.status === "done").length;
  $("progress").max = book.pages.length;
  $("progress").value = done;
  $("pages").replaceChildren(make("kbd", "", "g"), ` ${done} of ${book.pages.length} pages done`);
  if (!page) return;
  const about = $("about");
  const left = page.blocks.filter((block) => doubtful(block) && !block.element.hidden).length;
  const here = book.pages.findIndex((one) => one.key === page.key) + 1;
  about.textContent = [`page ${here}`, page.name, page.url, `${page.blocks.length} blocks`].filter(Boolean).join(" · ");
  if (left) about.append(" · ", make("b", "", `${left} doubtful`));
  if (page.status === "done") about.append(" · done");
  for (const button of $("legend").children) {
    const size = page.blocks.filter((block) => block.label === button.dataset.label).length;
    button.lastChild.textContent = size || "";
  }
}

// The labels, to click on and, in the help, to look up.
function legend() {
  for (const label of book.labels) {
    const button = make("button");
    button.type = "button";
    button.title = label.what;
    button.dataset.label = label.name;
    button.append(make("kbd", "", label.key), make("b", "", label.name), make("small"));
    button.addEventListener("click", (event) => give(label.name, event.shiftKey));
    $("legend").append(button);
    const term = make("dt");
    term.dataset.label = label.name;
    term.append(make("kbd", "", label.key), " ", make("b", "", label.name));
    $("meanings").append(term, make("dd", "", label.what));
  }
}

// A line of help or news at the foot. Keys stand between backticks.
function hint(text, notice = false) {
  const parts = (text || HINT).split("`").map((part, k) => (k % 2 ? make("kbd", "", part) : part));
  $("hint").replaceChildren(...parts);
  $("hint").classList.toggle("notice", notice);
}

// ---------------------------------------------------------------- moving

function stand(i, scroll = true) {
  for (const part of ["element", "spot"]) page.blocks[at][part].classList.remove("current");
  page.blocks[at].element.ariaSelected = "false";
  at = i;
  const { element, spot } = page.blocks[at];
  element.classList.add("current");
  spot.classList.add("current");
  element.ariaSelected = "true";
  $("blocks").setAttribute("aria-activedescendant", element.id);
  for (const button of $("legend").children) button.ariaPressed = String(button.dataset.label === page.blocks[at].label);
  if (scroll) element.scrollIntoView({ block: "nearest" });
}

function move(by, wanted = () => true) {
  for (let i = at + by; i >= 0 && i < page.blocks.length; i += by) {
    if (page.blocks[i].element.hidden || !wanted(page.blocks[i])) continue;
    getSelection().removeAllRanges();
    stand(i);
    hint("");
    return true;
  }
  return false;
}

// ---------------------------------------------------------------- labelling

const state = ({ label, spans }) => ({ label, spans });

function put(changes) {
  for (const { block, label, spans } of changes) {
    Object.assign(page.blocks[block], { label, spans });
    draw(block);
  }
  count();
  stand(at, false);
  saver.save(changes);
}

// One step that can be undone. `changes`: [{ block, label, spans }]
function act(changes, told) {
  const real = changes.filter(({ block, ...after }) => JSON.stringify(state(page.blocks[block])) !== JSON.stringify(state(after)));
  if (!real.length) return agree(changes, told);
  steps.push(real.map(({ block, ...after }) => ({ block, before: state(page.blocks[block]), after })));
  undone = [];
  put(real);
  hint(told);
}

// A label that a block has already is a person's yes to it: no longer doubtful.
function agree(changes, told) {
  for (const { block } of changes) {
    page.blocks[block].checked = true;
    draw(block);
  }
  count();
  hint(`${told}, as it was`);
}

function again(from, to, side, word) {
  const step = from.pop();
  if (!step) return hint(`nothing to ${word}`);
  to.push(step);
  stand(step[0].block);
  put(step.map((one) => ({ block: one.block, ...one[side] })));
  hint(`${word}: ${step.length} ${step.length === 1 ? "block" : "blocks"}`);
}

// What a label is given to: the words that are taken, the blocks that the mouse was dragged over, or the current block (and those of its making).
function give(label, following = false) {
  if (!page || busy) return;
  const found = selected();
  if (found && found.from === found.to && page.blocks[found.from].label === "review" && !whole(found)) return mark(label);
  const chosen = found && found.from !== found.to ? range(found.from, found.to) : following ? alike(at) : [at];
  getSelection().removeAllRanges();
  const told = chosen.length === 1 ? label : `${label}: ${chosen.length} blocks`;
  act(chosen.map((block) => ({ block, label, spans: label === "review" ? page.blocks[block].spans : [] })), told);
}

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, k) => from + k);
const alike = (from) => range(from, page.blocks.length - 1).filter((i) => page.blocks[i].group === page.blocks[from].group);
const whole = ({ from, start, end }) => start === 0 && end === page.blocks[from].text.length;

// ---------------------------------------------------------------- words inside a block

// The selection of the browser, as blocks and places in their text.
function selected() {
  const found = getSelection();
  if (!page || found.isCollapsed || !found.rangeCount) return null;
  const span = found.getRangeAt(0);
  const touched = page.blocks.flatMap((block, i) => {
    if (block.element.hidden || !span.intersectsNode(block.body)) return [];
    const [start, end] = [place(i, span.startContainer, span.startOffset), place(i, span.endContainer, span.endOffset)];
    return start < end ? [{ i, start, end }] : [];
  });
  return touched.length ? { from: touched[0].i, to: touched.at(-1).i, start: touched[0].start, end: touched.at(-1).end } : null;
}

function place(i, node, offset) {
  const { body, text } = page.blocks[i];
  if (!body.contains(node)) {
    const edge = document.createRange();
    edge.setStart(node, offset);
    return edge.comparePoint(body, 0) > 0 ? 0 : text.length;
  }
  const before = document.createRange();
  before.setStart(body, 0);
  before.setEnd(node, offset);
  return before.toString().length;
}

function take(i, start, end) {
  const { body } = page.blocks[i];
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const span = document.createRange();
  let passed = 0;
  let begun = false;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!begun && start < passed + node.length) {
      span.setStart(node, start - passed);
      begun = true;
    }
    if (end <= passed + node.length) {
      span.setEnd(node, end - passed);
      break;
    }
    passed += node.length;
  }
  getSelection().removeAllRanges();
  getSelection().addRange(span);
}

// Words as one would count them: between spaces, and character by character in scripts that set none.
function wordsOf(text) {
  const found = text.matchAll(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu);
  return [...found].map((one) => [one.index, one.index + one[0].length]);
}

function sentencesOf(text) {
  const cut = Intl.Segmenter
    ? [...new Intl.Segmenter(page.language || undefined, { granularity: "sentence" }).segment(text)].map((one) => [one.index, one.segment])
    : [...text.matchAll(/[^.!?…]+[.!?…]*["”’)]*\s*/g)].map((one) => [one.index, one[0]]);
  return cut.map(([start, one]) => [start + one.length - one.trimStart().length, start + one.trimEnd().length]).filter(([start, end]) => start < end);
}

// The words that are taken in the current block; a mouse that stopped inside a word took the word.
function taken() {
  const found = selected();
  if (!found || found.from !== at || found.to !== at) return null;
  const { text } = page.blocks[at];
  const inside = (k) => k > 0 && k < text.length && /[\p{L}\p{N}]{2}/u.test(text.slice(k - 1, k + 1)) && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(text[k]);
  let { start, end } = found;
  while (inside(start)) start--;
  while (inside(end)) end++;
  while (start < end && /\s/.test(text[start])) start++;
  while (start < end && /\s/.test(text[end - 1])) end--;
  return start < end ? { from: at, to: at, start, end } : null;
}

function reach(which, by) {
  const block = page.blocks[at];
  if (block.label !== "review") return hint("words are marked inside review only: `r` makes this block review", true);
  const found = taken();
  const parts = which === "sentence" ? sentencesOf(block.text) : wordsOf(block.text);
  if (!parts.length) return;
  let [start, end] = found ? [found.start, found.end] : [0, 0];
  if (which === "sentence") {
    const later = parts.filter((one) => (by > 0 ? one[0] >= end && (found || one[0] >= 0) : one[1] <= start));
    [start, end] = (by > 0 ? later[0] : later.at(-1)) ?? (by > 0 ? parts[0] : parts.at(-1));
  } else if (!found) {
    [start, end] = which === "end" ? parts[0] : parts.at(-1);
  } else if (which === "end") {
    end = by > 0 ? (parts.find((one) => one[1] > end)?.[1] ?? end) : (parts.findLast((one) => one[1] < end && one[1] > start)?.[1] ?? end);
  } else {
    start = by > 0 ? (parts.findLast((one) => one[0] < start)?.[0] ?? start) : (parts.find((one) => one[0] > start && one[0] < end)?.[0] ?? start);
  }
  take(at, start, end);
}

function mark(label) {
  const found = taken();
  const block = page.blocks[at];
  if (!found || block.label !== "review") return hint("take words of a review block first: `v` takes a sentence, `w` a word", true);
  const { text } = block;
  let { start } = found;
  while (text.indexOf(text.slice(start, found.end)) !== start) start = text.lastIndexOf(" ", Math.max(start - 2, 0)) + 1; // a span is told by its words alone
  const clear = places(block).filter(([a, b]) => b <= start || a >= found.end);
  const spans = clear.map(([a, b, name]) => [text.slice(a, b), name]);
  if (label !== "review") spans.push([text.slice(start, found.end), label]);
  getSelection().removeAllRanges();
  const wider = start < found.start && label !== "review" ? "; words before were taken in, as the marked ones stand earlier in the block too" : "";
  act([{ block: at, label: "review", spans }], label === "review" ? "the mark is taken away" : `marked as ${label}${wider}`);
}

// ---------------------------------------------------------------- keys and mouse

const KEYS = {
  j: () => move(1) || hint("this is the last block: `Enter` when the page is done"),
  k: () => move(-1),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  n: () => move(1, doubtful) || hint("no doubtful block below: `Enter` when the page is done"),
  N: () => move(-1, doubtful) || hint("no doubtful block above"),
  Home: () => stand(page.blocks.findIndex((block) => !block.element.hidden)),
  End: () => stand(page.blocks.findLastIndex((block) => !block.element.hidden)),
  i: () => document.querySelectorAll(".fold").forEach((button) => button.click()),
  v: () => reach("sentence", 1),
  V: () => reach("sentence", -1),
  w: () => reach("end", 1),
  W: () => reach("end", -1),
  b: () => reach("start", 1),
  B: () => reach("start", -1),
  x: () => mark("ad"),
  z: () => again(steps, undone, "before", "undo"),
  y: () => again(undone, steps, "after", "redo"),
  q: () => leave("skip"),
  Enter: () => leave("done"),
  e: () => (sells() ? hint("a hard negative has no ad in it: `Enter` when the page is done", true) : leave("done", { hard_negative: true })),
  "[": () => turn(-1),
  "]": () => turn(1),
  Escape: () => (getSelection().removeAllRanges(), hint("")),
};

// What a key means. A letter of another script counts by its place on the keyboard.
function named(event) {
  const key = /^[\x20-\x7e]$/.test(event.key) || event.key.length > 1 ? event.key : event.code.replace(/^Key/, "");
  return key.length > 1 ? key : event.shiftKey ? key.toUpperCase() : key.toLowerCase();
}

function pressed(event) {
  const name = named(event);
  if ($("help").open || $("list").open) return name === "?" ? $("help").close() : undefined;
  const lower = name.toLowerCase();
  const graph = event.getModifierState("AltGraph"); // some keyboards need it for [ and ]
  if ((event.ctrlKey || event.metaKey) && !graph) {
    if (lower !== "z" && lower !== "y") return;
    event.preventDefault();
    if (page && !busy) KEYS[lower === "z" && !event.shiftKey ? "z" : "y"]();
    return;
  }
  if ((event.altKey && !graph) || (name === "Enter" && event.target.closest("button"))) return;
  if (name === "?") $("help").showModal();
  else if (name === "g") list();
  else if (!page || busy) return;
  else if (Object.hasOwn(KEYS, name)) KEYS[name]();
  else if (letters().has(lower)) give(letters().get(lower), event.shiftKey);
  else return;
  event.preventDefault();
}

function list() {
  const words = { new: "", begun: "begun", skipped: "put off", done: "done" };
  $("rows").replaceChildren(
    ...book.pages.map((one) => {
      const row = make("li");
      const button = make("button");
      button.type = "button";
      button.autofocus = one.key === page?.key;
      button.append(make("small", "", words[one.status]), make("span", "", one.title || one.name), make("small", "", `${one.doubtful} of ${one.words} words doubtful`));
      button.addEventListener("click", () => ($("list").close(), go(one.key)));
      row.append(button);
      return row;
    }),
  );
  $("list").showModal();
}

$("blocks").addEventListener("mouseup", (event) => {
  const element = event.target.closest(".block");
  if (!page || !element) return;
  stand(Number(element.id.slice("block-".length)), false);
  const found = selected();
  const touched = event.target.closest("mark");
  if (!found && touched) {
    const start = place(at, touched, 0);
    take(at, start, start + touched.textContent.length);
  }
  if (found && found.from === found.to) stand(found.from, false);
});
$("map").addEventListener("click", (event) => {
  const i = Number(event.target.dataset.at);
  if (page && event.target.dataset.at && !page.blocks[i].element.hidden) stand(i);
});
document.addEventListener("selectionchange", () => {
  const found = selected();
  if (!found) return;
  if (found.from !== found.to) hint(`${found.to - found.from + 1} blocks are taken: a letter labels them all`);
  else if (page.blocks[found.from].label === "review") hint("taken: `x` marks it as an ad, a letter as its label, `r` as review · `w` `W` a word more or less at the end, `b` `B` at the beginning");
});
for (const [id, key] of [["done", "Enter"], ["hard", "e"], ["skip", "q"], ["undo", "z"], ["redo", "y"]]) $(id).addEventListener("click", () => page && !busy && KEYS[key]());
$("ask").addEventListener("click", () => $("help").showModal());
$("pages").addEventListener("click", list);
document.querySelector("aside").addEventListener("mousedown", (event) => event.preventDefault()); // the words that are taken stay taken
document.addEventListener("keydown", pressed);
window.addEventListener("beforeunload", (event) => saver.waiting.length && event.preventDefault());
window.addEventListener("pagehide", () => {
  if (page) remember();
  if (!page || !saver.waiting.length) return; // what is under way arrives; what waits behind it is sent now
  ask(`pages/${page.key}/changes`, { revision: page.revision + saver.flying, changes: saver.waiting }).catch(() => {});
});

try {
  book = await ask("pages");
  legend();
  busy = true;
  const wanted = book.pages.find((one) => `#${one.key}` === location.hash) ?? book.pages.find(todo) ?? book.pages[0];
  await load(wanted.key);
} catch (error) {
  saved(why(error), true);
} finally {
  busy = false;
}
