// Searches worth repeating: run again, watch new footage by them, save this one.

function savedMenu(view) {
  const node = element("span", "holder saved");
  const opener = button("tool opener", undefined);
  const panel = element("div", "panel rightwards");
  panel.setAttribute("role", "dialog");
  node.append(opener, panel);
  const open = dropdown(opener, panel);
  const list = element("ul", "savedlist");
  const form = saveForm(view);
  panel.append(list, form.node);

  const drawList = drawer(list, (saved, text) => {
    if (!saved.length) return [element("li", "quiet", text["saved.none"])];
    return saved.map((one) => savedRow(one, text, view, () => open(false, true)));
  });

  function update({ saved, text, ask }) {
    const found = saved.reduce((sum, one) => sum + one.found, 0);
    opener.replaceChildren(icon("saved"), element("span", "", text.saved));
    if (found) opener.append(element("span", "count fresh", fill(text["saved.new"], { count: found })));
    panel.setAttribute("aria-label", text.saved);
    drawList(saved, text);
    form.update(ask, text);
  }
  return { node, update };
}

function savedRow(one, text, view, close) {
  const row = element("li", "savedrow");
  const run = button("run", undefined, () => {
    close();
    view.act("run", { id: one.id });
  }, fill(text["saved.run"], { name: one.name }));
  run.dataset.act = `run ${one.id}`;
  const words = one.limits ? `${one.text} · ${fill(text["saved.limits"], { count: one.limits })}` : one.text;
  run.append(element("strong", "", one.name), element("span", "quiet", words));
  const watch = element("label", "watch");
  const mark = element("input", "");
  Object.assign(mark, { type: "checkbox", checked: one.watched });
  mark.dataset.act = `watch ${one.id}`;
  mark.setAttribute("aria-label", fill(text["saved.watching"], { name: one.name }));
  mark.addEventListener("change", () => view.act("watch", { id: one.id, watched: mark.checked }));
  watch.append(mark, element("span", "", text["saved.watch"]));
  const forget = button("icononly", undefined, () => view.act("forget", { id: one.id }), fill(text["saved.forget"], { name: one.name }));
  forget.title = forget.getAttribute("aria-label");
  forget.append(icon("close"));
  const foot = element("div", "savedfoot");
  foot.append(watch);
  if (one.found) foot.append(element("span", "count fresh", fill(text["saved.new"], { count: one.found })));
  row.append(run, forget, foot);
  return row;
}

function saveForm(view) {
  const node = element("form", "saveform");
  const label = element("label", "");
  const title = element("span", "");
  const name = element("input", "");
  Object.assign(name, { type: "text", maxLength: 80, required: true, autocomplete: "off" });
  label.append(title, name);
  const watch = element("label", "watch");
  const mark = element("input", "");
  mark.type = "checkbox";
  const word = element("span", "");
  watch.append(mark, word);
  const go = element("button", "go");
  go.type = "submit";
  const words = element("p", "quiet");
  node.append(label, watch, go, words);
  name.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") event.stopPropagation();
  });
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    view.act("save", { name: name.value.trim(), watched: mark.checked });
    name.value = "";
    mark.checked = false;
  });
  function update(ask, text) {
    const possible = Boolean(ask.q);
    for (const one of [label, watch, go]) one.hidden = !possible;
    words.hidden = possible || !(ask.similar || ask.photo);
    words.textContent = text["save.words"];
    title.textContent = text.save;
    name.placeholder = text["save.name"];
    word.textContent = text["saved.watch"];
    go.textContent = text["save.go"];
    node.hidden = !possible && words.hidden;
  }
  return { node, update };
}
