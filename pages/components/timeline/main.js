// The timeline: a row per person over the footage's time, with lanes for presence, posture, gesture and emotion.
//
// It fetches its rows by itself, paints them on a canvas (only what is on screen, narrow segments merged), and talks on
// `window`: it tells "sightline:seek" {footage, t, play} and "sightline:select" {footage, person, t}, and hears
// "sightline:time", "sightline:select" and "sightline:only". The parts of this folder are one script, this one last.

const SHORTEST = 0.5; // seconds the view can be zoomed to
const FOLLOW_MS = 4000; // so long after a hand moved the view, the playhead does not

export default function ({ data, parentElement, setTriggerValue }) {
  const board = (parentElement.sightline ??= build(parentElement, data));
  board.tell = (person, t) => {
    board.told = [...board.told, person].slice(-9);
    setTriggerValue("pick", { person, t });
  };
  board.update(data);
  const heard = Object.entries(board.heard);
  for (const [event, listen] of heard) window.addEventListener(event, listen);
  return () => heard.forEach(([event, listen]) => window.removeEventListener(event, listen));
}

function build(parent, first) {
  const root = parent.appendChild(made("section", "timeline"));
  const board = {
    data: first,
    model: null,
    text: { words: first.text, labels: first.labels, channels: first.channels },
    palette: first.palette,
    look: looks(first.palette),
    view: { from: 0, to: 1 },
    filter: unfiltered(),
    sort: "first",
    folded: new Set(),
    foldedAll: false,
    rows: [],
    gaps: [],
    width: 1,
    height: 1,
    scroll: 0,
    time: 0,
    chosen: "",
    only: "",
    focus: null,
    listing: false,
    told: [],
    parts: {},
    heard: {},
    tell: () => {},
  };
  Object.assign(board, views(board), choices(board), sizes(board));
  furnish(board, root);
  board.heard = hearing(board);
  board.update = (data) => update(board, data);
  return board;
}

function unfiltered() {
  return { search: "", labels: new Set(), score: 0, window: false };
}

function furnish(board, root) {
  const { words } = board.text;
  const parts = board.parts;
  root.setAttribute("aria-label", words.title);
  parts.root = root;
  parts.board = made("div", "board");
  Object.assign(parts.board, { tabIndex: 0 });
  parts.board.setAttribute("role", "application");
  parts.board.setAttribute("aria-label", words.title);
  parts.help = made("p", "unseen", words.keys);
  parts.help.id = "sl-timeline-keys";
  parts.board.setAttribute("aria-describedby", parts.help.id);
  parts.rulerBox = made("div", "rulerbox");
  parts.ruler = made("canvas", "ruler");
  parts.scroller = made("div", "scroller");
  parts.spacer = made("div", "spacer");
  parts.window = made("div", "window");
  parts.gutter = made("div", "gutter");
  parts.canvas = made("canvas", "rows");
  parts.overviewBox = made("div", "rulerbox");
  parts.overview = made("canvas", "overview");
  parts.playhead = made("div", "playhead");
  parts.here = made("div", "here");
  parts.problem = made("div", "problem");
  parts.live = made("p", "unseen");
  parts.live.setAttribute("aria-live", "polite");
  parts.overviewBox.append(parts.overview, parts.here);
  parts.window.append(parts.gutter, parts.canvas);
  parts.spacer.append(parts.window);
  parts.scroller.append(parts.spacer);
  board.bar = barOf(board);
  board.legend = legendOf(board);
  board.list = listOf(board);
  board.card = cardOf(board);
  board.list.root.hidden = true;
  parts.none = null;
  parts.rulerBox.append(board.bar.zoom, parts.ruler);
  parts.board.append(parts.rulerBox, parts.scroller, parts.overviewBox, parts.playhead, board.card.root);
  root.append(board.bar.root, board.legend.root, parts.board, board.list.root, parts.problem, parts.help, parts.live);
  parts.scroller.addEventListener("scroll", () => board.draw());
  parts.board.addEventListener("focus", () => board.focus && board.say(spoken(board, board.focus)));
  new ResizeObserver(() => board.draw()).observe(parts.board);
  root.ontransitionrun = () => board.draw(); // the theme changed: see the style sheet
  listenToPointer(board);
  listenToKeys(board);
}

function hearing(board) {
  const ours = (listen) => ({ detail }) => {
    if (detail.footage === board.data.footage) listen(detail);
  };
  return {
    "sightline:time": ours(({ t, playing }) => board.stand(t, playing)),
    "sightline:select": ours(({ person }) => board.mark(person, true)),
    "sightline:only": ours(({ person }) => {
      board.only = person;
      board.draw();
    }),
  };
}

function update(board, data) {
  const before = board.data;
  const fresh = board.asked === undefined;
  const retold = JSON.stringify(data.text) !== JSON.stringify(before.text);
  board.data = data;
  board.gaps = data.gaps;
  board.text = { words: data.text, labels: data.labels, channels: data.channels };
  if (retold) {
    board.listing = false;
    board.filter = unfiltered();
    board.parts.root.replaceChildren();
    furnish(board, board.parts.root);
    if (board.model) board.settle();
  }
  const wanted = `${data.url} ${data.revision}`;
  if (wanted !== board.asked) {
    const same = before.url === data.url && !fresh;
    board.asked = wanted;
    load(board, same, before.footage);
  }
  if (fresh || data.only !== before.only) board.only = data.only;
  if (fresh) board.mark(data.chosen, true);
  else if (data.chosen !== before.chosen) {
    // The page answers a choice made here with the same person: by then another one may have been chosen.
    const ours = board.told.indexOf(data.chosen);
    board.told = ours < 0 ? [] : board.told.slice(ours + 1);
    if (ours < 0) board.mark(data.chosen, false);
  }
}

async function load(board, same, before) {
  const { words } = board.text;
  const asked = board.asked;
  const trouble = (sentence) => {
    const again = button(words.retry);
    again.addEventListener("click", () => load(board, same, before));
    board.parts.problem.replaceChildren(made("span", "", sentence), again);
  };
  if (!same) board.parts.problem.replaceChildren(made("span", "quiet", words.loading));
  try {
    const answer = await fetch(board.data.url);
    const document = await answer.json();
    if (asked !== board.asked) return;
    if (!answer.ok) return trouble(document.error ?? words.failed);
    const begun = performance.now();
    const focused = same && board.focus;
    board.model = decode(document, board.data.duration);
    board.focus = null;
    if (!same) {
      board.view = { from: 0, to: board.model.duration };
      board.folded.clear();
      board.foldedAll = false;
      board.filter = unfiltered();
      board.bar.clear();
      if (board.data.footage !== before) board.time = 0;
    }
    if (focused) board.focusOn(refound(board.model, focused), false);
    board.parts.problem.replaceChildren();
    board.settle();
    paint(board);
    // How long it took from the rows' arrival to their first painting; `python -m engine bench pages` reads it.
    board.parts.root.dataset.painted = (performance.now() - begun).toFixed(1);
  } catch (error) {
    if (asked === board.asked) trouble(words.failed);
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
  }
}

// The same segment after the rows were fetched anew, as when somebody was given a name or was taken for somebody else.
function refound(model, { person, lane, at }) {
  const who = model.people.find((one) => one.label === person.label);
  const same = who?.lanes.find((one) => one.channel === lane.channel);
  return same && at < same.start.length ? { person: who, lane: same, at } : null;
}

// Moving through time.
function views(board) {
  let moved = 0;
  return {
    show(from, to, byHand = false) {
      const span = Math.min(Math.max(to - from, SHORTEST), board.model.duration);
      const start = Math.min(Math.max(from, 0), board.model.duration - span);
      board.view = { from: start, to: start + span };
      if (byHand) moved = performance.now();
      if (board.filter.window) board.relist();
      board.draw();
    },
    zoom(factor, at) {
      if (!board.model) return;
      const { from, to } = board.view;
      const inView = board.time >= from && board.time <= to;
      const pivot = at ?? (board.focus ? board.focusTime() : inView ? board.time : (from + to) / 2);
      const span = Math.min(Math.max((to - from) * factor, SHORTEST), board.model.duration);
      const share = Math.min(Math.max((pivot - from) / (to - from), 0), 1);
      board.show(pivot - span * share, pivot + span * (1 - share), true);
    },
    fit() {
      if (board.model) board.show(0, board.model.duration);
    },
    // Where the player stands; when it runs out of the view, the view turns the page.
    stand(t, playing) {
      board.time = t;
      const { from, to } = board.view;
      const away = t < from || t > to - (to - from) * 0.02;
      if (board.model && playing && away && to - from < board.model.duration && performance.now() - moved > FOLLOW_MS) {
        board.show(t - (to - from) * 0.1, t + (to - from) * 0.9);
      }
      board.placePlayhead();
    },
    seek(t, play) {
      const at = Math.min(Math.max(t, 0), board.model?.duration ?? 0);
      const detail = { footage: board.data.footage, t: at, ...(play === null ? {} : { play }) };
      board.stand(at, false);
      window.dispatchEvent(new CustomEvent("sightline:seek", { detail }));
    },
    placePlayhead() {
      const { playhead, here } = board.parts;
      const share = (board.time - board.view.from) / (board.view.to - board.view.from);
      playhead.hidden = !board.model || share < 0 || share > 1 || board.listing;
      playhead.style.transform = `translateX(${board.gutter + share * board.width}px)`;
      const whole = board.model ? board.time / board.model.duration : 0;
      here.style.transform = `translateX(${Math.min(whole, 1) * board.width}px)`;
    },
  };
}

// Choosing, filtering, folding.
function choices(board) {
  return {
    pick(person, t, play) {
      board.seek(t, play);
      board.mark(person.label, false);
      const detail = { footage: board.data.footage, person: person.label, t };
      window.dispatchEvent(new CustomEvent("sightline:select", { detail }));
      board.tell(person.label, t);
    },
    mark(label, reveal) {
      if (board.chosen === label && !reveal) return;
      board.chosen = label;
      const row = board.rows.find(({ person }) => person.label === label);
      if (row && reveal) board.reveal(row);
      board.draw();
    },
    leave() {
      board.focus = null;
      if (board.chosen) {
        board.mark("", false);
        window.dispatchEvent(new CustomEvent("sightline:select", { detail: { footage: board.data.footage, person: "" } }));
        board.tell("", null);
      }
      board.say("");
      board.draw();
    },
    refilter(change) {
      Object.assign(board.filter, change);
      board.relist();
      board.draw();
    },
    clear() {
      board.bar.clear();
      board.refilter(unfiltered());
    },
    resort(sort) {
      board.sort = sort;
      board.relist();
      board.draw();
    },
    fold(person) {
      if (!board.folded.delete(person.label)) board.folded.add(person.label);
      if (board.focus?.person === person) board.focus = near(person, person.lanes[0], board.focusTime());
      board.relist();
      board.draw();
    },
    foldAll(is) {
      board.foldedAll = is;
      board.folded = new Set(is ? board.model.people.map((person) => person.label) : []);
      if (is && board.focus) board.focus = near(board.focus.person, board.focus.person.lanes[0], board.focusTime());
      board.relist();
      board.draw();
    },
    showList(is) {
      board.listing = is;
      board.list.root.hidden = !is;
      board.parts.board.hidden = is;
      board.relist();
      board.draw();
    },
    focusOn(focus, byKey, t) {
      board.focus = focus;
      board.kept = t;
      if (focus && byKey) {
        const { from, to } = board.view;
        const [start, end] = [focus.lane.start[focus.at], focus.lane.end[focus.at]];
        if (end < from || start > to) board.show(start - (to - from) * 0.2, start + (to - from) * 0.8, true);
        const row = board.rows.find(({ person }) => person === focus.person);
        if (row) board.reveal(row);
        board.say(spoken(board, focus));
      }
      board.draw();
    },
    // The time that moving up and down keeps to.
    focusTime() {
      const { lane, at } = board.focus;
      return board.kept ?? (lane.start[at] + lane.end[at]) / 2;
    },
    say(sentence, aloud = false) {
      board.parts.live.textContent = sentence;
      if (aloud) board.parts.problem.replaceChildren(made("span", "quiet", sentence));
    },
    hover(found, x, y) {
      board.card.show(found, x, y);
      board.parts.canvas.style.cursor = found && found.at >= 0 ? "pointer" : "";
    },
  };
}

// Sizes, rows, and when to paint.
function sizes(board) {
  let waiting = 0;
  const wide = new Map();
  return {
    measure(pen, word) {
      const key = `${pen.font} ${word}`;
      if (!wide.has(key)) wide.set(key, pen.measureText(word).width);
      return wide.get(key);
    },
    settle() {
      board.legend.rebuild();
      board.density = null;
      board.relist();
      board.mark(board.chosen, true);
      board.draw();
    },
    relist() {
      if (!board.model) return;
      let top = 0;
      board.rows = sift(board.model, board.filter, board.view, board.sort).map((person) => {
        const folded = board.folded.has(person.label);
        const row = { person, folded, top, height: rowHeight(person, folded), tops: laneTops(person, folded) };
        top += row.height;
        return row;
      });
      board.parts.spacer.style.height = `${top}px`;
      board.bar.refresh();
      board.legend.refresh();
      board.parts.none ??= noneOf(board);
      board.parts.none.hidden = board.rows.length > 0 || board.model.people.length === 0;
      if (board.listing) board.list.refresh();
    },
    reveal(row) {
      const { scroller } = board.parts;
      const high = scroller.clientHeight;
      if (row.top < scroller.scrollTop) scroller.scrollTop = row.top;
      else if (row.top + row.height > scroller.scrollTop + high) scroller.scrollTop = row.top + row.height - high;
    },
    draw() {
      if (!waiting) waiting = requestAnimationFrame(() => {
        waiting = 0;
        paint(board);
      });
    },
  };
}

function noneOf(board) {
  const box = made("div", "none");
  const clear = button(board.text.words.clear);
  clear.addEventListener("click", () => board.clear());
  box.append(made("span", "", board.text.words.none), clear);
  board.parts.board.after(box);
  return box;
}

function paint(board) {
  const { parts } = board;
  if (!board.model || board.listing || !parts.board.isConnected) return;
  board.gutter = parts.board.clientWidth < 560 ? 92 : 150;
  const width = parts.scroller.clientWidth - board.gutter;
  if (width <= 0) return;
  if (!board.density || board.width !== width) board.density = densityOf(board.model, width);
  board.width = width;
  board.height = parts.scroller.clientHeight;
  board.scroll = Math.max(0, Math.min(parts.scroller.scrollTop, parts.scroller.scrollHeight - board.height));
  board.theme = themeOf(parts.root);
  parts.root.style.setProperty("--gutter", `${board.gutter}px`);
  parts.window.style.height = `${board.height}px`;
  const ticks = paintRuler(board);
  paintNames(board, paintRows(board, ticks));
  paintOverview(board);
  board.placePlayhead();
  parts.root.dataset.ready = board.data.run;
  parts.root.dataset.view = `${board.view.from.toFixed(3)} ${board.view.to.toFixed(3)}`;
}

function themeOf(root) {
  const style = getComputedStyle(root);
  const own = (name) => style.getPropertyValue(name).trim();
  return {
    font: style.fontFamily,
    ink: own("--ink"),
    quiet: own("--quiet"),
    line: own("--line"),
    ground: own("--ground"),
    accent: own("--accent"),
    warn: own("--warn"),
  };
}

// The names beside the rows: as many elements as there are rows on screen, used again and again.
function paintNames(board, visible) {
  const { gutter } = board.parts;
  while (gutter.childElementCount < visible.length) gutter.append(nameOf(board));
  while (gutter.childElementCount > visible.length) gutter.lastElementChild.remove();
  visible.forEach((row, place) => gutter.children[place].show(row));
}

function nameOf(board) {
  const box = made("div", "name");
  const fold = button("", "");
  fold.className = "fold";
  fold.tabIndex = -1;
  const who = button("", "");
  who.className = "person";
  who.tabIndex = -1;
  const lanes = made("div", "lanes");
  box.append(fold, who, lanes);
  let row = null;
  fold.addEventListener("click", () => board.fold(row.person));
  who.addEventListener("click", () => board.pick(row.person, row.person.first, false));
  box.show = (next) => {
    const { words, channels } = board.text;
    const key = `${next.person.label} ${next.person.name} ${next.folded} ${words.title}`;
    row = next;
    box.style.transform = `translateY(${row.top - board.scroll}px)`;
    box.style.height = `${row.height}px`;
    box.classList.toggle("chosen", board.chosen === row.person.label);
    box.classList.toggle("dim", Boolean(board.only) && board.only !== row.person.label);
    if (box.dataset.key === key) return;
    box.dataset.key = key;
    box.dataset.person = row.person.label;
    fold.hidden = row.person.lanes.length < 2;
    fold.setAttribute("aria-expanded", String(!row.folded));
    fold.setAttribute("aria-label", fill(words["fold.one"], { person: titleOf(row.person) }));
    who.replaceChildren(made("i"), made("span", "", titleOf(row.person)));
    who.firstChild.style.background = board.palette.persons[row.person.index % board.palette.persons.length];
    who.title = row.person.name ? `${row.person.name} (${row.person.label})` : row.person.label;
    lanes.replaceChildren(
      ...row.person.lanes.slice(1, row.tops.length).map((lane, place) => {
        const word = made("span", "", channels[lane.channel] ?? lane.channel);
        word.style.top = `${row.tops[place + 1]}px`;
        word.style.lineHeight = `${laneHeight(lane)}px`;
        return word;
      }),
    );
  };
  return box;
}
