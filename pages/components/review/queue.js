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
    <div class="rows"></div>
    <dl class="keys"></dl>
    <p class="unseen" role="status"></p>`;
  const find = (selector) => root.querySelector(selector);
  let data = null;
  let current = "";
  let n = 0;
  let pending = [];
  let drawn = "";

  // Told again until the page has answered: a press while the page is being drawn is not lost.
  function send(...acts) {
    for (const act of acts) pending.push({ n: ++n, ...act });
    part.report("told", { n, acts: [...pending] });
  }

  function going(id, ...acts) {
    current = id;
    send(...acts, { kind: "open", event: id });
    tellWindow("sightline:review:opening", { n });
    mark();
  }

  function open(id) {
    if (id !== current) going(id);
  }

  function step(by) {
    const place = data.rows.findIndex((row) => row.id === current);
    const next = data.rows[place < 0 ? 0 : place + by];
    if (!next) return;
    open(next.id);
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

  function carry({ act }) {
    if (act.kind === "say") {
      const row = data.rows.find((one) => one.id === act.event);
      if (row) row.mine = act.verdict;
      const words = { label: labelled(data.text, act.label), verdict: verdictWord(data.text, act.verdict) };
      find(".unseen").textContent = fill(data.text.saved, words);
      going(after(act.event), act);
    } else if (["undo", "add", "mark"].includes(act.kind)) {
      send(act);
      tellWindow("sightline:review:opening", { n });
    } else send(act);
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
      send({ kind: "name", name });
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
    send({ kind: "filter", filters: data.filters });
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

  function onKey(event) {
    if (!data || !forThePage(event)) return;
    const act = {
      j: () => step(1),
      k: () => step(-1),
      u: () => carry({ act: { kind: "undo" } }),
      m: () => data.event || carry({ act: { kind: "mark", footage: data.mark } }),
    }[keyOf(event)];
    if (!act || event.shiftKey) return;
    act();
    if (keyOf(event) !== "m" || !data.event) event.preventDefault();
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
    else carry({ act: { kind: "mark", footage: data.mark } });
  });

  const part = {
    report: () => {},
    hears: { keydown: onKey, "sightline:review": ({ detail }) => data && carry(detail) },
    update(next) {
      n = Math.max(n, next.n);
      pending = pending.filter((act) => act.n > next.n);
      data = next;
      if (!pending.length) current = next.event;
      root.setAttribute("aria-label", next.text.queue);
      who();
      root.classList.toggle("nothing", !next.all);
      for (const name of [".states", ".filter", ".keys"]) find(name).hidden = !next.all;
      states();
      filters();
      rows();
      keys();
      mark();
      if (!pending.length) find(".row[aria-current]")?.scrollIntoView({ block: "nearest" });
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
