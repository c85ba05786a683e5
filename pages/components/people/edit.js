// Saying who is who: the bar above the list, what an edit would do before it is applied, and the tools of edit mode.

const WAYS_TO_GO = ["doubtful", "history"];
const YEAR_S = 365 * 24 * 3600;

// Above the list: edit mode, taking back and bringing back, and the ways to the other pages of identity.
function journalBar(board) {
  const root = element("div", "journal");
  const mode = button("chip mode");
  mode.addEventListener("click", () => board.editMode(!board.editing));
  const steps = ["undo", "redo"].map((kind) => {
    const made = button(`step ${kind}`);
    made.addEventListener("click", () => board.step(kind));
    return made;
  });
  const links = WAYS_TO_GO.map((page) => {
    const made = element("a", "go");
    made.dataset.go = page;
    return made;
  });
  const ways = element("span", "ways");
  ways.append(...links);
  root.append(mode, ...steps, ways);
  root.refresh = () => {
    const { edit } = board.data;
    const { text } = edit;
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", text.bar);
    mode.textContent = text.mode;
    mode.title = text["mode.help"];
    mode.setAttribute("aria-pressed", String(board.editing));
    steps.forEach((made, place) => {
      const kind = ["undo", "redo"][place];
      const line = edit[kind];
      made.hidden = !line;
      if (!line) return;
      const words = fill(text[kind], { what: line.words });
      made.replaceChildren(element("span", "sign", kind === "undo" ? "↶" : "↷"), element("span", "words", words));
      made.firstChild.setAttribute("aria-hidden", "true");
      made.title = words;
      made.setAttribute("aria-keyshortcuts", kind === "undo" ? "Control+Z" : "Control+Shift+Z");
    });
    links.forEach((made) => {
      const { go } = made.dataset;
      const count = go === "doubtful" ? board.doubtful().count : null;
      made.href = edit.links[go];
      made.replaceChildren(element("span", "", text[`go.${go}`]));
      if (count) made.append(element("b", "badge", String(count)));
      made.title = count ? fill(text["go.doubtful.help"], { count }) : "";
      made.hidden = go === "doubtful" && !count;
    });
  };
  return root;
}

// What was said of the person in detail.
function historyOf(person, board) {
  const { text, links } = board.data.edit;
  const made = element("a", "go", fill(text["go.history.of"], { person: titled(person) }));
  made.href = `${links.history}&person=${encodeURIComponent(person.label)}`;
  return made;
}

// Who says it, and how it is done; shown in edit mode.
function editHint(board) {
  const root = element("div", "hint");
  let open = false;
  const show = () => {
    const { text, author } = board.data.edit;
    const change = button("quietly", author, fill(text["by.change"], { name: author }));
    change.title = text["by.help"];
    change.addEventListener("click", () => ask(author));
    root.replaceChildren(element("span", "quiet", board.chosen ? text["hint.chosen"] : text.hint), element("span", "quiet by", text.by), change);
  };
  const ask = (author) => {
    const { text } = board.data.edit;
    const field = element("input", "field");
    Object.assign(field, { type: "text", value: author, maxLength: 80 });
    field.setAttribute("aria-label", text["by.field"]);
    open = true;
    const end = (save) => {
      if (!open) return;
      open = false;
      const name = field.value.trim();
      show();
      root.querySelector("button").focus({ preventScroll: true });
      if (!save || !name || name === author) return;
      document.cookie = `sightline_reviewer=${encodeURIComponent(name)}; path=/; max-age=${YEAR_S}; SameSite=Lax`;
      board.acts.send({ kind: "name", name });
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation(); // the player listens for keys too
      if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault();
      end(event.key === "Enter");
    });
    field.addEventListener("blur", () => end(true));
    root.replaceChildren(element("span", "quiet by", text.by), field);
    field.select();
    field.focus();
  };
  root.refresh = () => {
    root.hidden = !board.editing;
    if (!open) show();
  };
  return root;
}

// What an edit would do: who, when in view before and after, what speaks against it.
function previewPane(board) {
  const root = element("div", "preview");
  let shown = "";
  let before = ""; // what was on its way when this was drawn last
  root.hidden = true;
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    board.drop();
  });
  root.refresh = () => {
    const { preview, text } = board.data.edit;
    const working = board.acts.pending.findLast((act) => ["draft", "apply", "drop"].includes(act.kind));
    const state = JSON.stringify([working?.kind ?? "", working ? null : preview, text.apply]);
    if (state === shown) return;
    const last = before;
    const had = root.matches(":focus-within") || last === "draft";
    shown = state;
    before = working?.kind ?? "";
    root.hidden = working ? working.kind === "drop" : !preview;
    root.toggleAttribute("data-ready", !working && Boolean(preview));
    if (working) {
      root.replaceChildren(element("p", "quiet", working.kind === "draft" ? text.working : text.applying));
      return;
    }
    if (!preview) {
      root.replaceChildren();
      if (last === "apply") board.landed();
      return;
    }
    root.setAttribute("role", "region");
    root.setAttribute("aria-label", text.preview);
    const apply = button("primary", text.apply);
    apply.addEventListener("click", () => board.apply(preview.edit));
    const cancel = button("chip", text.cancel);
    cancel.addEventListener("click", () => board.drop());
    const acts = element("div", "acts");
    acts.append(...(preview.edit ? [apply, cancel] : [cancel])); // what cannot be is only said
    const head = element("h3", "title", preview.words);
    const parts = [head];
    if (preview.pictures.length) parts.push(sideBySide(preview, board));
    const warnings = preview.warnings.map((sentence) => element("p", "warning", sentence));
    for (const warning of warnings) warning.setAttribute("role", "note");
    parts.push(...warnings);
    if (preview.changes.length) parts.push(changesTable(preview, board));
    else if (preview.edit) parts.push(element("p", "quiet", text.nothing));
    root.replaceChildren(...parts, acts);
    if (had) acts.firstChild.focus({ preventScroll: true });
    root.scrollIntoView({ block: "nearest" });
  };
  return root;
}

function sideBySide(preview, board) {
  const box = element("div", "pair");
  for (const [title, address, hue] of preview.pictures) {
    const one = element("figure", "");
    one.style.setProperty("--hue", board.colour(hue));
    const frame = element("span", "picture big");
    if (address) {
      const image = Object.assign(element("img", ""), { src: address, alt: title });
      image.addEventListener("error", () => image.remove());
      frame.append(image);
    }
    const caption = element("figcaption", "");
    caption.append(element("span", "swatch"), title);
    one.append(frame, caption);
    box.append(one);
  }
  return box;
}

// A line for each person that changes: when in view before, and after.
function changesTable(preview, board) {
  const { text } = board.data.edit;
  const table = element("table", "changes");
  const head = element("tr", "");
  for (const word of ["person", "before", "after"]) head.append(Object.assign(element("th", "", text[word]), { scope: "col" }));
  const body = element("tbody", "");
  for (const change of preview.changes) {
    const row = element("tr", "");
    row.style.setProperty("--hue", board.colour(change.hue));
    const who = Object.assign(element("th", ""), { scope: "row" });
    who.append(element("span", "swatch"), element("span", "", change.title));
    if (change.footage) who.append(element("span", "quiet", change.footage));
    row.append(who, stripCell(change.before, change, text.fresh, text), stripCell(change.after, change, text.gone, text));
    body.append(row);
  }
  const top = element("thead", "");
  top.append(head);
  table.append(top, body);
  return table;
}

function stripCell(spans, { duration }, none, text) {
  const cell = element("td", "");
  if (!spans.length) {
    cell.append(element("span", "quiet", none));
    return cell;
  }
  const total = spans.reduce((sum, [start, end]) => sum + end - start, 0);
  const words = fill(text.strip, { count: spans.length, length: total.toFixed(1) });
  const bar = element("span", "stripbar");
  bar.setAttribute("role", "img");
  bar.setAttribute("aria-label", words);
  for (const [start, end] of spans) {
    const part = element("i", "");
    part.style.left = `${(100 * start) / duration}%`;
    part.style.width = `${(100 * (end - start)) / duration}%`;
    part.title = `${clock(start)} – ${clock(end)}`;
    bar.append(part);
  }
  cell.append(bar, element("span", "quiet", words));
  cell.lastChild.setAttribute("aria-hidden", "true");
  return cell;
}

// On a card: whether this is the chosen person, or somebody else.
function cardEdit(row, board) {
  const { text } = board.data.edit;
  const chosen = board.data.people.find((person) => person.label === board.chosen);
  const offered = board.editing && chosen && row.person.label !== board.chosen;
  const key = offered ? `${chosen.label} ${chosen.name} ${text.same}` : "";
  row.draggable = board.editing;
  maybe(row, board, Boolean(offered));
  row.classList.toggle("offered", Boolean(offered));
  if (row.dataset.offered === key) return;
  row.dataset.offered = key;
  row.querySelector(".verdict")?.remove();
  if (!offered) return;
  const values = { person: titled(row.person), other: titled(chosen) };
  const box = element("div", "verdict");
  const same = button("chip same", fill(text.same, values), fill(text["same.of"], values));
  same.addEventListener("click", () => board.draft({ kind: "merge", label: row.person.label, other: chosen.label }));
  const differs = button("chip differs", text.differs, fill(text["differs.of"], values));
  differs.addEventListener("click", () => board.draft({ kind: "distinct", label: row.person.label, other: chosen.label }));
  box.append(same, differs);
  row.append(box);
}

// Whom somebody may be, in the line of what they did; one press away from the preview, in edit mode or not.
function maybe(row, board, offered) {
  const [label, score] = board.doubtful().maybe[row.person.label] ?? [];
  const other = board.data.people.find((person) => person.label === label);
  const key = other && !offered ? `${label} ${other.name} ${score}` : "";
  if ((row.dataset.maybe ?? "") === key) return;
  row.dataset.maybe = key;
  row.querySelector(".maybe")?.remove();
  if (!key) return;
  const { text } = board.data.edit;
  const values = { person: titled(row.person), other: titled(other), score: percent(score, 1) };
  const made = button("share maybe", fill(text.maybe, values), fill(text["maybe.of"], values));
  made.title = made.getAttribute("aria-label");
  made.addEventListener("click", () => board.draft({ kind: "merge", label: row.person.label, other: label }));
  row.querySelector(".shares").prepend(made);
}

// Cards can be dragged onto each other; whatever is done by dragging can be done by the buttons as well.
function draggable(rows, board) {
  let dragged = null;
  const under = (event) => event.target.closest?.(".person");
  const light = (row) => {
    for (const one of rows.querySelectorAll(".target")) if (one !== row) one.classList.remove("target");
    row?.classList.add("target");
  };
  rows.addEventListener("dragstart", (event) => {
    const row = under(event);
    dragged = row?.person ?? null;
    if (!dragged) return;
    row.classList.add("dragged"); // so that it stays while the list is scrolled
    event.dataTransfer.effectAllowed = "link";
    event.dataTransfer.setData("text/plain", titled(dragged));
  });
  rows.addEventListener("dragover", (event) => {
    const row = under(event);
    const possible = dragged && row && row.person.label !== dragged.label;
    light(possible ? row : null);
    if (!possible) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "link";
  });
  rows.addEventListener("dragleave", (event) => event.target === rows && light(null));
  rows.addEventListener("dragend", (event) => {
    under(event)?.classList.remove("dragged");
    dragged = null;
    light(null);
  });
  rows.addEventListener("drop", (event) => {
    const row = under(event);
    light(null);
    if (!dragged || !row || row.person.label === dragged.label) return;
    event.preventDefault();
    board.draft({ kind: "merge", label: dragged.label, other: row.person.label });
    dragged = null;
  });
}

// What can be said of the person in detail: from here on somebody else, or another one; these appearances are not them.
function editTools(person, board) {
  const { text } = board.data.edit;
  const box = element("div", "edittools");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", fill(text.tools, { person: titled(person) }));
  const cut = button("chip cut");
  cut.addEventListener("click", () => ready(cut) && board.draft({ kind: "cut", label: person.label, at_s: at() }));
  const split = button("chip split");
  const ticked = () => person.tracklets.filter((number) => board.ticked.has(number));
  split.addEventListener("click", () => ready(split) && board.draft({ kind: "split", label: person.label, tracklets: ticked() }));
  const swap = button("chip swap");
  const other = element("select", "other");
  other.setAttribute("aria-label", text["swap.with"]);
  const others = board.data.people.filter((one) => one.label !== person.label);
  other.append(...others.map((one) => Object.assign(element("option", "", titled(one)), { value: one.label })));
  other.addEventListener("keydown", (event) => event.stopPropagation());
  other.addEventListener("change", () => (board.swapWith = other.value));
  swap.addEventListener("click", () => ready(swap) && board.draft({ kind: "swap", label: person.label, other: other.value, at_s: at() }));
  const ready = (made) => made.getAttribute("aria-disabled") !== "true";
  const at = () => Math.round(board.now * 1000) / 1000;
  const pair = element("span", "swapping");
  pair.append(other, swap);
  pair.hidden = others.length === 0;
  box.append(cut, pair, split);
  // By the time at which the player stands, and by what is ticked.
  box.stand = () => {
    const { now } = board;
    const time = clock(now ?? 0);
    const within = now !== null && person.first < now && now <= person.last;
    cut.textContent = fill(text.cut, { time });
    cut.title = within ? text["cut.help"] : text["cut.not"];
    cut.setAttribute("aria-disabled", String(!within));
    swap.textContent = fill(text.swap, { time });
    swap.title = text["swap.help"];
    swap.setAttribute("aria-disabled", String(now === null));
    if (!other.matches(":focus")) other.value = swappable(others, now, board.swapWith);
    const count = ticked().length;
    split.textContent = fill(text.split, { count });
    split.title = text["split.help"];
    split.hidden = person.spans.length < 2;
    split.setAttribute("aria-disabled", String(count === 0 || count === person.spans.length));
  };
  box.stand();
  return box;
}

// Whom somebody is taken for: who is chosen, else who is in view now, else who was last.
function swappable(others, now, wish) {
  if (others.some((one) => one.label === wish)) return wish;
  const away = ({ spans }) => Math.min(...spans.map(([start, end]) => Math.max(start - (now ?? 0), (now ?? 0) - end, 0)));
  return others.reduce((best, one) => (best && away(best) <= away(one) ? best : one), null)?.label ?? "";
}

// A box to tick beside an appearance.
function tick(person, number, board) {
  const { text } = board.data.edit;
  const box = Object.assign(element("input", "tick"), { type: "checkbox", checked: board.ticked.has(number) });
  const [start] = person.spans[person.tracklets.indexOf(number)];
  box.setAttribute("aria-label", fill(text.tick, { time: clock(start), person: titled(person) }));
  box.addEventListener("change", () => {
    if (box.checked) board.ticked.add(number);
    else board.ticked.delete(number);
    board.stand();
  });
  return box;
}
