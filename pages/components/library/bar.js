// The tool bar: search, filters, order, cards or table; and the place where the recordings stand.

const ICONS = {
  cards: "M4 5h7v6H4zM13 5h7v6h-7zM4 13h7v6H4zM13 13h7v6h-7z",
  table: "M4 6h16M4 12h16M4 18h16",
};

function toolbar(view) {
  const node = element("div", "bar");
  const search = element("input", "search");
  search.type = "search";
  search.value = view.choice.query;
  search.addEventListener("input", () => set("query", search.value));
  const selects = {};
  for (const name of ["state", "camera", "tag", "sort"]) {
    selects[name] = element("select", "");
    selects[name].addEventListener("change", () => {
      if (name === "sort") view.choice.down = false;
      set(name, selects[name].value);
    });
  }
  const order = button("order", "↓", () => set("down", !view.choice.down));
  const views = element("div", "views");
  views.setAttribute("role", "group");
  for (const kind of ["cards", "table"]) {
    const made = button("", undefined, () => set("view", kind));
    made.dataset.view = kind;
    made.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[kind]}"/></svg>`;
    views.append(made);
  }
  const clear = button("clear", "", () => {
    Object.assign(view.choice, { query: "", state: "", camera: "", tag: "" });
    view.rechoose();
  });
  node.append(search, selects.state, selects.camera, selects.tag, clear, element("span", "gap"), selects.sort, order, views);

  function set(name, value) {
    view.choice[name] = value;
    view.rechoose();
  }

  view.rechoose = () => {
    remember(view.choice);
    view.shown = PAGE;
    update(view.data);
    view.arrange();
  };

  function update(data) {
    const { text, items } = data;
    search.placeholder = text.search;
    search.setAttribute("aria-label", text.search);
    if (search.value !== view.choice.query) search.value = view.choice.query;
    const states = ["working", "new", "done", "failed", "cancelled"].filter((state) => items.some((item) => item.state === state));
    if (items.some((item) => item.alerts)) states.push("alerts");
    options(selects.state, text["state.any"], states.map((state) => [state, text[`state.${state}`]]), "state");
    options(selects.camera, text["camera.any"], used(items.map((item) => item.camera)), "camera");
    options(selects.tag, text["tag.any"], used(items.flatMap((item) => item.tags)), "tag");
    const orders = ["newest", "name", "length", "start", "people", "alerts"].map((name) => [name, text[`sort.${name}`]]);
    if (!orders.some(([name]) => name === view.choice.sort)) orders.push([view.choice.sort, text[`column.${view.choice.sort}`]]);
    options(selects.sort, "", orders, "sort");
    selects.sort.setAttribute("aria-label", text.sort);
    order.textContent = view.choice.down ? "↑" : "↓";
    order.setAttribute("aria-label", text.turn);
    order.title = text.turn;
    order.setAttribute("aria-pressed", String(Boolean(view.choice.down)));
    views.setAttribute("aria-label", text.view);
    for (const made of views.children) {
      made.setAttribute("aria-label", text[`view.${made.dataset.view}`]);
      made.title = text[`view.${made.dataset.view}`];
      made.setAttribute("aria-pressed", String(made.dataset.view === view.choice.view));
    }
    clear.textContent = text.clear;
    clear.hidden = !["query", "state", "camera", "tag"].some((name) => view.choice[name]);
  }

  function options(select, any, pairs, name) {
    const chosen = view.choice[name];
    const all = any ? [["", any], ...pairs] : pairs;
    // What was chosen stays to be seen even where no recording has it any more.
    if (chosen && !all.some(([value]) => same(value, chosen))) all.push([chosen, view.data.text?.[`${name}.${chosen}`] ?? chosen]);
    const drawn = JSON.stringify(all);
    if (select.drawn !== drawn) {
      select.drawn = drawn;
      select.replaceChildren(...all.map(([value, word]) => Object.assign(element("option", "", word), { value })));
    }
    select.value = all.find(([value]) => same(value, chosen))?.[0] ?? "";
    select.hidden = Boolean(any) && all.length < 2;
    select.setAttribute("aria-label", any);
    select.classList.toggle("set", Boolean(any && chosen));
  }

  return { node, update };
}

function used(words) {
  const spelled = new Map();
  for (const word of words) if (word && !spelled.has(word.toLocaleLowerCase())) spelled.set(word.toLocaleLowerCase(), word);
  return [...spelled.values()].sort(new Intl.Collator(undefined, { numeric: true }).compare).map((word) => [word, word]);
}

const COLUMNS = ["", "name", "length", "people", "alerts", "state", "camera", "start", ""];

// Where cards or rows stand: made anew when the view is changed.
function holder(stage, table, text, view) {
  const kind = table ? "table" : "cards";
  if (stage.dataset.view !== kind || stage.text !== text) {
    stage.dataset.view = kind;
    stage.text = text;
    if (table) stage.replaceChildren(tableFrame(text, view));
    else stage.replaceChildren(element("ul", "cards"));
    stage.firstElementChild.setAttribute("aria-label", text.list);
  }
  if (!table) return stage.firstElementChild;
  for (const head of stage.querySelectorAll("th[data-sort]")) {
    const mine = head.dataset.sort === view.choice.sort;
    const rising = RISING.has(view.choice.sort) !== Boolean(view.choice.down);
    head.setAttribute("aria-sort", mine ? (rising ? "ascending" : "descending") : "none");
  }
  return stage.querySelector("tbody");
}

function tableFrame(text, view) {
  const table = element("table", "rows");
  const head = element("tr", "");
  COLUMNS.forEach((name, at) => {
    const cell = element("th", ["length", "people", "alerts"].includes(name) ? "number" : "");
    cell.scope = "col";
    if (name) {
      cell.dataset.sort = name;
      cell.append(
        button("", text[`column.${name}`], () => {
          view.choice.down = view.choice.sort === name && !view.choice.down;
          view.choice.sort = name;
          view.rechoose();
        }),
      );
    } else {
      cell.append(element("span", "unseen", at ? text["column.actions"] : text["column.picture"]));
    }
    head.append(cell);
  });
  const top = element("thead", "");
  top.append(head);
  table.append(top, element("tbody", ""));
  const frame = element("div", "frame");
  frame.append(table);
  return frame;
}
