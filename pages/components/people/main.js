// The list of people: cards that can be searched and sorted, and one person in detail.
//
// It tells "sightline:seek", "sightline:select" and "sightline:only" on `window`, hears the last two and
// "sightline:time", and tells the page, which puts what is looked at into the address. Of many cards only those in view
// exist. Who is who is said in edit mode: `edit.js` has it. The parts beside this file are put before it.

const ROW_PX = 112; // height of a card with the gap below, as in the style sheet
const SPARE = 4; // cards beyond either edge
const SORTS = ["first", "visible", "count", "name"];
const MEMORY = "sightline.people";
const EDITING = "sightline.people.editing"; // for this tab: links that lead away begin a new session with the page

export default function ({ data, parentElement, setTriggerValue, setStateValue }) {
  const board = (parentElement.sightline ??= build(parentElement));
  board.tell = setTriggerValue;
  board.acts.report = setStateValue;
  board.update(data);
  const listeners = Object.entries(board.hears);
  for (const [name, listener] of listeners) window.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of listeners) window.removeEventListener(name, listener);
  };
}

function build(parent) {
  const root = parent.appendChild(document.createElement("div")); // beside the style sheet that is already there
  root.innerHTML = `
    <div class="people">
      <div class="tools">
        <input type="search" class="search" />
        <select class="sort"></select>
        <input type="number" class="least" min="0" step="1" inputmode="decimal" />
        <span class="shown" role="status"></span>
      </div>
      <div class="chosen-one"></div>
      <ol class="rows" tabindex="-1"><li class="height" aria-hidden="true"></li></ol>
      <p class="nomatch" hidden><span></span> <button type="button" class="more"></button></p>
    </div>`;
  const find = (selector) => root.querySelector(selector);
  const [rows, search, sort, least] = [find(".rows"), find(".search"), find(".sort"), find(".least")];
  const cards = new Map(); // label -> card that exists
  let order = []; // [person, index in the run], those shown
  let drawn = {};
  let handled = {};
  let opened = false; // it was drawn before

  const board = {
    data: null,
    chosen: "",
    only: "",
    now: null, // where the player stands, seconds
    editing: false,
    ticked: new Set(), // appearances of the chosen person, by tracklet number
    swapWith: "",
    acts: actsOf(),
    tell: () => {},
    stand: () => find(".edittools")?.stand(),
    // Who may be whom, as it was told for what is shown; nothing before that.
    doubtful() {
      const told = window.sightlineDoubtful;
      const { footage, revision } = board.data;
      return told?.footage === footage && told.revision === revision ? told : { count: 0, maybe: {} };
    },
    colour: (index) => board.data.palette.persons[index % board.data.palette.persons.length],

    // Somebody asked for a person at a time.
    pick(person, t, play) {
      if (t !== null) say("sightline:seek", { t, play });
      board.choose(person.label, t);
    },
    choose(label, t) {
      board.chosen = label;
      say("sightline:select", { person: label, ...(t === null ? {} : { t }) });
      if (board.only && !label) say("sightline:only", { person: "" });
      board.tell("pick", { person: label, t, only: board.only !== "" });
      draw();
    },
    showOnly(label) {
      const person = label || board.only;
      board.only = label;
      if (label) board.chosen = label;
      say("sightline:only", { person: label });
      board.tell("pick", { person, t: null, only: label !== "" });
      draw();
    },
    rename(person, name) {
      person.name = name; // shown at once; the page answers with what was stored
      board.tell("rename", { person: person.label, name });
      drawn = {};
      draw();
      cards.get(person.label)?.querySelector(".pencil").focus({ preventScroll: true });
    },

    // Saying who is who
    editMode(on) {
      board.editing = on;
      keep(EDITING, on ? "1" : "");
      board.ticked.clear();
      board.acts.send({ kind: "mode", on });
      if (!on && board.data.edit.preview) board.drop();
      refresh();
    },
    draft(edit) {
      if (board.acts.busy) return;
      const { run, revision } = board.data;
      board.acts.send({ kind: "draft", edit: { other: "", tracklets: [], at_s: null, name: "", ...edit, run, revision } });
      refresh();
    },
    // What is applied is what was looked at, whatever has been drawn since.
    apply(edit) {
      if (board.acts.busy) return;
      board.acts.send({ kind: "apply", edit });
      board.ticked.clear();
      refresh();
    },
    drop() {
      board.acts.send({ kind: "drop" });
      refresh();
      find(".person.chosen .name, .mode")?.focus({ preventScroll: true });
    },
    // An edit was applied: on to what takes it back.
    landed() {
      find(".undo:not([hidden])")?.focus({ preventScroll: true });
    },
    step(kind) {
      const line = board.data.edit[kind];
      if (!line) return;
      // While something is on its way, what is meant is whatever is newest after it.
      board.acts.send({ kind, line: board.acts.busy ? null : line.id });
      refresh();
    },

    hears: {},
    update(data) {
      board.data = data;
      board.acts.done(data.edit.n);
      if (!board.acts.pending.length) board.editing = data.edit.on;
      if (!opened && recall(EDITING) && !data.edit.on) board.acts.send({ kind: "mode", on: (board.editing = true) });
      opened = true;
      if (data.chosen !== handled.chosen) board.chosen = data.chosen;
      if (data.only !== handled.only || data.chosen !== handled.chosen) board.only = data.only ? data.chosen : "";
      handled = { chosen: data.chosen, only: data.only };
      words();
      arrange();
      refresh();
    },
  };
  const parts = [journalBar(board), editHint(board), previewPane(board)];
  find(".people").prepend(...parts);
  draggable(rows, board);

  function refresh() {
    for (const part of parts) part.refresh();
    find(".people").classList.toggle("editing", board.editing);
    draw();
  }

  const mine = (act) => (event) => {
    if (board.data && event.detail.footage === board.data.footage) act(event.detail);
  };
  board.hears["sightline:doubtful"] = mine(() => refresh());
  board.hears["sightline:time"] = mine(({ t }) => {
    board.now = t;
    mark();
    board.stand();
  });
  board.hears["sightline:select"] = mine(({ person }) => {
    if (person === board.chosen) return;
    board.chosen = person;
    draw();
    reveal();
  });
  board.hears["sightline:only"] = mine(({ person }) => {
    if (person === board.only) return;
    board.only = person;
    draw();
  });

  // Taking back and bringing back, wherever the focus is but in a field.
  board.hears.keydown = (event) => {
    const key = event.key.toLowerCase();
    if (!board.data || !(event.ctrlKey || event.metaKey) || event.altKey || !["z", "y"].includes(key)) return;
    const kind = key === "y" || event.shiftKey ? "redo" : "undo";
    if (event.defaultPrevented || typing(event) || !board.data.edit[kind]) return;
    event.preventDefault();
    if (!event.repeat) board.step(kind);
  };

  function say(name, detail) {
    window.dispatchEvent(new CustomEvent(name, { detail: { footage: board.data.footage, ...detail } }));
  }

  function words() {
    const { text } = board.data;
    rows.setAttribute("aria-label", text.list);
    search.placeholder = text.search;
    search.setAttribute("aria-label", text.search);
    sort.setAttribute("aria-label", text.sort);
    least.placeholder = text["least.short"];
    least.title = text.least;
    least.setAttribute("aria-label", text.least);
    find(".nomatch span").textContent = text.nomatch;
    find(".nomatch button").textContent = text.clear;
    const wish = sort.value || recall(MEMORY);
    sort.replaceChildren(...SORTS.map((one) => Object.assign(element("option", "", text[`sort.${one}`]), { value: one })));
    sort.value = SORTS.includes(wish) ? wish : SORTS[0];
  }

  // Which cards are shown, in which order.
  function arrange() {
    const { people, labels } = board.data;
    const wanted = search.value.trim().toLowerCase();
    const longest = Number(least.value) || 0;
    const said = (person) =>
      Object.values(person.shares).flatMap((shares) => shares.map(([label]) => `${label} ${labels[label] ?? ""}`));
    const matches = (person) => `${person.label} ${person.name} ${said(person).join(" ")}`.toLowerCase().includes(wanted);
    order = people.map((person, index) => [person, index]);
    order = order.filter(([person]) => person.visible >= longest && (!wanted || matches(person)));
    const by = {
      first: ([a], [b]) => a.first - b.first,
      visible: ([a], [b]) => b.visible - a.visible,
      count: ([a], [b]) => b.spans.length - a.spans.length,
      name: ([a], [b]) => titled(a).localeCompare(titled(b), undefined, { numeric: true }),
    };
    order.sort(by[sort.value]);
    find(".shown").textContent =
      order.length === people.length ? "" : fill(board.data.text.shown, { count: order.length, all: people.length });
    find(".nomatch").hidden = order.length > 0;
    draw();
  }

  // The cards in view, and the chosen person.
  function draw() {
    if (!board.data) return;
    const wanted = JSON.stringify([board.data.people, board.data.text, board.data.run]);
    if (drawn.cards !== wanted) {
      drawn.cards = wanted;
      for (const row of cards.values()) row.remove();
      cards.clear();
    }
    find(".height").style.height = `${order.length * ROW_PX}px`;
    const first = Math.max(0, Math.floor(rows.scrollTop / ROW_PX) - SPARE);
    const last = Math.min(order.length, Math.ceil((rows.scrollTop + rows.clientHeight) / ROW_PX) + SPARE);
    const shown = new Set();
    for (let place = first; place < last; place++) {
      const [person, index] = order[place];
      shown.add(person.label);
      let row = cards.get(person.label);
      if (!row) {
        row = card(person, index, board);
        cards.set(person.label, row);
        rows.append(row);
      }
      row.style.top = `${place * ROW_PX}px`;
      row.setAttribute("aria-posinset", place + 1);
      row.setAttribute("aria-setsize", order.length);
    }
    for (const [label, row] of cards) {
      if (shown.has(label) || row.matches(":focus-within, .dragged")) continue;
      row.remove();
      cards.delete(label);
    }
    showChosen();
    mark();
  }

  function showChosen() {
    for (const [label, row] of cards) {
      cardEdit(row, board);
      row.classList.toggle("chosen", label === board.chosen);
      row.classList.toggle("dim", board.only !== "" && label !== board.only);
      if (label === board.chosen) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    const index = board.data.people.findIndex((person) => person.label === board.chosen);
    const person = board.data.people[index];
    const known = board.data.detail?.person === board.chosen ? board.data.detail : null;
    const wanted = JSON.stringify([person, known, board.only === board.chosen, board.data.text, board.data.run, board.editing]);
    if (wanted === drawn.details) return;
    drawn.details = wanted;
    const pane = find(".chosen-one");
    const place = pane.scrollTop;
    const same = pane.dataset.person === board.chosen;
    if (!same) board.ticked.clear();
    pane.dataset.person = board.chosen;
    pane.replaceChildren(...(person ? [details(person, index, board)] : []));
    pane.scrollTop = same ? place : 0;
  }

  function mark() {
    const { now } = board;
    if (now === null) return;
    for (const row of cards.values()) {
      row.classList.toggle("now", row.person.spans.some(([start, end]) => start - 0.001 <= now && now <= end + 0.001));
    }
  }

  // Scrolls to the chosen card where it was chosen elsewhere.
  function reveal() {
    const place = order.findIndex(([person]) => person.label === board.chosen);
    if (place < 0) return;
    const top = place * ROW_PX;
    if (top < rows.scrollTop || top + ROW_PX > rows.scrollTop + rows.clientHeight) {
      rows.scrollTop = top - rows.clientHeight / 2 + ROW_PX / 2;
    }
  }

  function recall(key) {
    try {
      return (key === EDITING ? sessionStorage : localStorage).getItem(key);
    } catch {
      return null; // a browser without storage forgets
    }
  }

  function keep(key, value) {
    try {
      (key === EDITING ? sessionStorage : localStorage).setItem(key, value);
    } catch {
      // as above
    }
  }

  search.addEventListener("input", arrange);
  least.addEventListener("input", arrange);
  sort.addEventListener("change", () => {
    keep(MEMORY, sort.value);
    arrange();
  });
  for (const field of [search, least, sort]) field.addEventListener("keydown", (event) => event.stopPropagation());
  find(".nomatch button").addEventListener("click", () => {
    search.value = "";
    least.value = "";
    arrange();
    search.focus();
  });
  rows.addEventListener("scroll", draw, { passive: true });
  rows.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const here = order.findIndex(([person]) => cards.get(person.label)?.matches(":focus-within"));
    const next = order[here + step];
    if (!step || here < 0 || !next) return;
    event.preventDefault();
    const top = (here + step) * ROW_PX;
    if (top < rows.scrollTop) rows.scrollTop = top;
    else if (top + ROW_PX > rows.scrollTop + rows.clientHeight) rows.scrollTop = top + ROW_PX - rows.clientHeight;
    draw();
    cards.get(next[0].label)?.querySelector(".name")?.focus({ preventScroll: true });
  });
  // A click beside the buttons of a card means the card.
  rows.addEventListener("click", (event) => {
    const row = event.target.closest(".person");
    if (row && !event.target.closest("button, input")) row.querySelector(".name").click();
  });
  new ResizeObserver(draw).observe(rows);
  return board;
}
