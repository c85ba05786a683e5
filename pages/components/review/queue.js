// The list of events: what is worth a look first, filters, and the way to the page for everything that is done.

const STATES = ["", "open", "confirmed", "dismissed", "unsure", "contested"];
const CHOICES = ["footage", "label", "kind", "model"];
const MARKS = { confirmed: "✓", dismissed: "✕", unsure: "?", "": "" };
const YEAR_S = 365 * 24 * 3600;

function queuePart(parent) {
  const root = parent.appendChild(element("section", "queue sl-review"));
  root.tabIndex = -1;
  root.innerHTML = `
    <div class="who"></div>
    <div class="states" role="group"></div>
    <div class="filterbar"><button type="button" class="quietly filter" aria-expanded="false"></button>
      <button type="button" class="quietly clear" hidden></button>
      <button type="button" class="quietly add"></button></div>
    <div class="filters" hidden></div>
    <p class="told" role="status"></p>
    <div class="rows"></div>
    <dl class="keys"></dl>`;
  const find = (selector) => root.querySelector(selector);
  let data = null;
  let current = ""; // the event that is open or on its way, which verdicts are about
  let muted = false; // what is typed is meant for a note that is not there yet
  let drawn = "";
  const outbox = new Outbox(carry);

  // Another event is on its way; "" where the page chooses which.
  function going(id, ...acts) {
    current = id;
    outbox.send(...acts, { kind: "open", event: id });
    if (!id) outbox.wait();
    announce();
    mark();
  }

  function announce() {
    tellWindow("sightline:review:opening", { n: outbox.n, row: data.rows.find((row) => row.id === current) ?? null });
  }

  function step(by) {
    const place = data.rows.findIndex((row) => row.id === current);
    const next = data.rows[place < 0 ? 0 : place + by];
    if (!next || next.id === current) return;
    going(next.id);
    const inside = root.getRootNode().activeElement?.matches(".row");
    const row = find(`.row[data-event="${next.id}"]`);
    if (inside) row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }

  // The next one that waits for a verdict of mine; where the list is one of judged events, simply the next.
  function after(id) {
    const place = data.rows.findIndex((row) => row.id === id);
    const rest = [...data.rows.slice(place + 1), ...data.rows.slice(0, Math.max(place, 0))];
    if (!["", "open"].includes(data.filters.state)) return data.rows[place + 1]?.id ?? id;
    return rest.find((row) => !row.mine)?.id ?? "";
  }

  function say(act) {
    const event = act.event || current;
    if (!event) return tell(data.text.refused);
    const row = data.rows.find((one) => one.id === event);
    if (row) row.mine = act.verdict;
    const words = { label: row ? titleOf(row, data.text) : "", verdict: verdictWord(data.text, act.verdict) };
    tell(fill(data.text.saved, words));
    going(after(event), { ...act, event });
  }

  function carry(act) {
    if (act.kind === "say") say(act);
    else if (act.kind === "step") step(act.by);
    else if (act.kind === "open") going(act.event);
    else {
      outbox.send(act);
      if (!["undo", "add", "mark"].includes(act.kind)) return;
      outbox.wait();
      current = "";
      announce();
    }
  }

  function open(id) {
    if (id !== current) outbox.take({ kind: "open", event: id });
  }

  function tell(words) {
    find(".told").textContent = words;
  }

  // What is shown

  function who() {
    const { text, reviewer } = data;
    const box = find(".who");
    if (box.querySelector("input")) return;
    const change = button("quietly", reviewer, `${text["by.change"]}: ${reviewer}`);
    change.title = text["by.help"];
    change.addEventListener("click", () => rename(box));
    box.replaceChildren(element("span", "quiet", text.by), change);
  }

  function rename(box) {
    const { text, reviewer } = data;
    const input = Object.assign(element("input", ""), { type: "text", value: reviewer, maxLength: 80 });
    input.setAttribute("aria-label", text["by.field"]);
    const end = (save) => {
      const name = input.value.trim();
      box.replaceChildren();
      who();
      box.querySelector("button").focus({ preventScroll: true });
      if (!save || !name || name === reviewer) return;
      document.cookie = `sightline_reviewer=${encodeURIComponent(name)}; path=/; max-age=${YEAR_S}; SameSite=Lax`;
      outbox.take({ kind: "name", name });
    };
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault();
      end(event.key === "Enter");
    });
    box.replaceChildren(element("span", "quiet", text.by), input);
    input.select();
    input.focus();
  }

  function states() {
    const { text, counts, filters } = data;
    const box = find(".states");
    box.setAttribute("aria-label", text.state);
    const chips = STATES.filter((state) => counts[state] || ["", "open", filters.state].includes(state)).map((state) => {
      const made = button("chip", text[`state.${state || "all"}`]);
      made.append(element("b", "", String(counts[state])));
      made.setAttribute("aria-pressed", String(filters.state === state));
      made.addEventListener("click", () => filter({ state }));
      return made;
    });
    const focused = [...box.children].findIndex((chip) => chip.matches(":focus"));
    box.replaceChildren(...chips);
    chips[focused]?.focus({ preventScroll: true });
  }

  function filter(changes) {
    data.filters = { ...data.filters, ...changes };
    outbox.take({ kind: "filter", filters: data.filters });
    states();
  }

  function filters() {
    const { text, filters: chosen } = data;
    const used = CHOICES.filter((name) => chosen[name]).length + (chosen.least > 0 ? 1 : 0);
    const open = find(".filter");
    open.textContent = used ? fill(text["filter.active"], { count: used }) : text.filter;
    const clear = find(".clear");
    clear.hidden = !used;
    clear.textContent = text["filter.clear"];
    keyed(find(".add"), "M", text.mark);
    const box = find(".filters");
    if (box.matches(":focus-within")) return;
    const selects = CHOICES.map((name) => {
      const select = element("select", "");
      options(select, [["", text["filter.any"]], ...data.options[name]], chosen[name]);
      select.addEventListener("change", () => filter({ [name]: select.value }));
      return field(text[`filter.${name}`], select);
    });
    const least = Object.assign(element("input", ""), { type: "range", min: 0, max: 1, step: 0.05, value: chosen.least });
    const shown = element("output", "", Number(chosen.least).toFixed(2));
    least.addEventListener("input", () => (shown.textContent = Number(least.value).toFixed(2)));
    least.addEventListener("change", () => filter({ least: Number(least.value) }));
    const row = field(text["filter.least"], least);
    row.append(shown);
    box.replaceChildren(...selects, row);
  }

  function rows() {
    const { text } = data;
    const wanted = JSON.stringify([data.rows, data.hidden, text]);
    if (wanted === drawn) return;
    drawn = wanted;
    const pane = find(".rows");
    const focused = root.getRootNode().activeElement?.dataset?.event;
    const place = pane.scrollTop;
    const made = [];
    for (const [title, some] of [
      [text.todo, data.rows.filter((row) => !row.mine)],
      [text.reviewed, data.rows.filter((row) => row.mine)],
    ]) {
      if (!some.length) continue;
      const list = element("ol", "");
      list.setAttribute("aria-label", title);
      list.append(...some.map(line));
      const head = element("h3", "", title);
      head.append(element("b", "", String(some.length)));
      made.push(head, list);
    }
    if (!made.length) made.push(element("p", "quiet", data.all ? text.empty : text.nothing));
    if (data.hidden) made.push(element("p", "quiet", fill(text.more, { count: data.hidden })));
    pane.replaceChildren(...made);
    pane.scrollTop = place;
    if (focused) find(`.row[data-event="${focused}"]`)?.focus({ preventScroll: true });
  }

  function line(row) {
    const { text, colours } = data;
    const item = element("li", "");
    const said = row.mine || row.verdict;
    const values = {
      label: labelled(text, row.label),
      person: row.title || text.nobody,
      time: clock(row.start),
      score: row.score.toFixed(2),
      footage: row.name,
      verdict: verdictWord(text, said),
    };
    const made = button(row.mine ? "row judged" : "row", undefined, fill(text.row, values));
    made.dataset.event = row.id;
    made.style.setProperty("--hue", colours[row.label] ?? colours.normal);
    made.style.setProperty("--severity", row.severity);
    const bar = element("i", "severity");
    bar.title = fill(text.severity, { percent: percent(row.severity) });
    const picture = element("span", "thumb");
    if (row.picture) {
      const image = Object.assign(element("img", ""), { src: row.picture, alt: "", loading: "lazy" });
      image.addEventListener("error", () => image.remove());
      picture.append(image);
    }
    const head = element("span", "head");
    head.append(element("b", "", values.label), element("span", "score", row.by ? text["kind.manual"] : values.score));
    const where = element("span", "quiet where", [row.title, values.time].filter(Boolean).join(" · "));
    const recording = element("span", "quiet where", row.name);
    const body = element("span", "body");
    const marks = element("span", "marks");
    if (row.mine) marks.append(verdictMark(row.mine, text));
    else if (row.verdict) marks.append(element("span", "tag", fill(text.others, { verdict: verdictWord(text, row.verdict) })));
    if (row.disputed) marks.append(element("span", "tag warn", text.contested));
    if (row.disagreement) marks.append(element("span", "tag warn", text.cameras));
    body.append(head, where, recording);
    if (marks.childNodes.length) body.append(marks);
    made.append(bar, picture, body);
    item.append(made);
    return item;
  }

  function mark() {
    for (const row of root.querySelectorAll(".row")) {
      if (row.dataset.event === current) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  function keys() {
    const { text } = data;
    const rows = [
      [["J", "K"], text["keys.move"]],
      [["1", "2", "3"], text["keys.judge"]],
      [["4", "…", "0"], text["keys.reason"]],
      [[text["keys.space"]], text["keys.play"]],
      [["U"], text["keys.undo"]],
      [["N"], text["keys.note"]],
      [["L"], text["keys.loop"]],
      [["M"], text["keys.mark"]],
    ];
    const list = find(".keys");
    list.setAttribute("aria-label", text.keys);
    list.replaceChildren(
      ...rows.map(([names, what]) => {
        const pair = element("div", "");
        const left = element("dt", "");
        left.append(...names.map((name) => (name === "…" ? "…" : element("kbd", "", name))));
        pair.append(left, element("dd", "", what));
        return pair;
      }),
    );
  }

  // What is done

  const acts = {
    j: () => outbox.take({ kind: "step", by: 1 }),
    k: () => outbox.take({ kind: "step", by: -1 }),
    u: () => outbox.take({ kind: "undo" }),
  };

  // All keys of the screen come here, so that they act in the order in which they were pressed.
  function onKey(event) {
    if (!data || event.shiftKey || !forThePage(event)) return;
    const key = keyOf(event);
    if (muted) {
      event.preventDefault();
      muted = key !== "escape";
      tell(data.text.loading);
      return;
    }
    if (!acts[key] && !EVENT_KEYS.includes(key)) return;
    event.preventDefault();
    if (event.repeat && !["j", "k"].includes(key)) return; // held down, not pressed again
    if (acts[key]) acts[key]();
    else onEventKey(key);
  }

  // What the event itself answers to, unless it is not there.
  function onEventKey(key) {
    const pressed = { key, taken: false };
    tellWindow("sightline:review:key", pressed);
    if (pressed.taken) return;
    const coming = current || outbox.waiting;
    const verdict = VERDICTS[VERDICT_KEYS.indexOf(key)];
    if (verdict) outbox.take({ kind: "say", event: "", verdict, reason: "", note: "" });
    else if (key === "m") outbox.take({ kind: "mark", footage: data.mark });
    else if (coming) tell(data.text.loading);
    muted = key === "n" && Boolean(coming);
  }

  root.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (row) open(row.dataset.event);
    if (row && event.detail > 0) root.focus({ preventScroll: true }); // so that space goes on meaning "play"
  });
  find(".filter").addEventListener("click", () => {
    const box = find(".filters");
    box.hidden = !box.hidden;
    find(".filter").setAttribute("aria-expanded", String(!box.hidden));
  });
  find(".clear").addEventListener("click", () => {
    filter({ footage: "", label: "", kind: "", model: "", least: 0 });
    find(".filter").focus();
  });
  find(".add").addEventListener("click", () => {
    if (data.event) tellWindow("sightline:review:mark", {});
    else outbox.take({ kind: "mark", footage: data.mark });
  });

  const part = {
    report: () => {},
    hears: {
      keydown: onKey,
      "sightline:review": ({ detail }) => data && outbox.take(detail.act),
      "sightline:review:shown": () => {
        if (muted) tellWindow("sightline:review:key", { key: "n", taken: false });
        muted = false;
      },
    },
    update(next) {
      outbox.report = part.report;
      outbox.answered(next.n);
      data = next;
      // Said since, and on its way.
      for (const { kind, event, verdict } of outbox.pending) {
        const row = kind === "say" && data.rows.find((one) => one.id === event);
        if (row) row.mine = verdict;
      }
      if (!outbox.pending.length && current !== next.event) {
        current = next.event;
        announce();
      }
      if (!current && !outbox.waiting) muted = false; // nothing is on its way
      root.setAttribute("aria-label", next.text.queue);
      who();
      root.classList.toggle("nothing", !next.all);
      for (const name of [".states", ".filter", ".keys"]) find(name).hidden = !next.all;
      states();
      filters();
      rows();
      keys();
      mark();
      if (!outbox.pending.length) find(".row[aria-current]")?.scrollIntoView({ block: "nearest" });
      outbox.go();
    },
  };
  return part;
}

function verdictMark(verdict, text) {
  const made = element("span", `said ${verdict}`);
  made.append(element("span", "sign", MARKS[verdict]), verdictWord(text, verdict));
  made.firstChild.setAttribute("aria-hidden", "true");
  return made;
}
