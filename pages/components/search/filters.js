// What limits a search: a panel to set it in, and a chip for each limit that is set.

const LIMITS = ["footage", "camera", "from", "to", "seen", "sure", "action", "emotion", "anomaly"];

function filterBar(view) {
  const opener = button("tool opener", undefined);
  const panel = element("div", "panel rightwards");
  panel.setAttribute("role", "dialog");
  const holder = element("span", "holder filters");
  holder.append(opener, panel);
  dropdown(opener, panel);
  const chips = element("div", "limits");

  const drawPanel = drawer(panel, (ask, options, text) => fields(ask, options, text, view));
  const drawChips = drawer(chips, (ask, options, text) => limits(ask, options, text, view));

  function update({ ask, options, text }) {
    const limited = Object.fromEntries(LIMITS.map((key) => [key, ask[key]]));
    const set = limitsOf(ask, options, text).length;
    opener.replaceChildren(icon("filters"), element("span", "", text.filters));
    if (set) opener.append(element("span", "count", String(set)));
    opener.classList.toggle("set", set > 0);
    panel.setAttribute("aria-label", text.filters);
    drawPanel(limited, options, text);
    drawChips(limited, options, text);
  }
  return { opener: holder, chips, update };
}

// The limits that are set: [words, the change that takes it back].
function limitsOf(ask, options, text) {
  const found = [];
  for (const key of ["footage", "camera"]) {
    const names = Object.fromEntries(options[key]);
    for (const value of ask[key]) found.push([names[value] ?? value, { [key]: ask[key].filter((one) => one !== value) }]);
  }
  if (ask.from || ask.to) {
    const [from, to] = [hour(Number(ask.from || 0)), hour(Number(ask.to || 24))];
    found.push([fill(text["active.hours"], { from, to }), { from: "", to: "" }]);
  }
  for (const key of ["seen", "sure"]) if (ask[key]) found.push([fill(text[`active.${key}`], { value: ask[key] }), { [key]: "" }]);
  for (const key of ["action", "emotion", "anomaly"]) {
    const names = Object.fromEntries(options[key]);
    if (ask[key]) found.push([`${text[`filter.${key}`]}: ${names[ask[key]] ?? ask[key]}`, { [key]: "" }]);
  }
  return found;
}

function limits(ask, options, text, view) {
  const made = limitsOf(ask, options, text).map(([words, back]) => {
    const chip = button("limit", undefined, () => view.ask(back), fill(text["filter.drop"], { filter: words }));
    chip.dataset.act = `limit ${words}`;
    chip.append(element("span", "", words), icon("close"));
    return chip;
  });
  if (made.length > 1) made.push(button("plain", text["filters.clear"], () => view.clearFilters()));
  return made;
}

function fields(ask, options, text, view) {
  const parts = [];
  const field = (key, label, ...controls) => {
    const box = element(controls.length > 1 || controls[0].tagName === "DIV" ? "fieldset" : "label", `entry ${key}`);
    box.append(element(box.tagName === "FIELDSET" ? "legend" : "span", "", label), ...controls);
    parts.push(box);
  };
  for (const [key, label] of [["footage", text["filter.footage"]], ["camera", text["filter.cameras"]]]) {
    if (options[key].length < 2 && !ask[key].length) continue;
    field(key, label, checks(key, ask[key], options[key], view));
  }
  const hours = element("div", "hours");
  hours.append(
    ...[["from", 0, 23], ["to", 1, 24]].map(([key, first, last]) => {
      const usual = key === "from" ? "0" : "24";
      const values = Array.from({ length: last - first + 1 }, (_, at) => String(first + at));
      const asked = ask[key] || usual;
      if (!values.includes(asked)) values.push(asked);
      const pairs = values.map((value) => [value, hour(Number(value))]);
      const label = `${text["filter.hours"]} ${text[`filter.${key}`]}`;
      return select(key, asked, pairs, (value) => view.ask({ [key]: value === usual ? "" : value }), label);
    }),
  );
  hours.children[1].before(element("span", "quiet", "–"));
  field("hours", text["filter.hours"], hours);
  field("seen", text["filter.seen"], numeric("seen", ask.seen, { min: 0, max: 86400, step: 1, placeholder: "0" }, view));
  for (const key of ["action", "emotion", "anomaly"]) {
    if (!options[key].length) continue;
    const pairs = [["", text["filter.any"]], ...options[key]];
    if (ask[key] && !pairs.some(([value]) => value === ask[key])) pairs.push([ask[key], ask[key]]);
    field(key, text[`filter.${key}`], select(key, ask[key], pairs, (value) => view.ask({ [key]: value })));
  }
  field("sure", text["filter.sure"], numeric("sure", ask.sure, { min: 0, max: 1, step: 0.05, placeholder: "0" }, view));
  return parts;
}

function checks(key, chosen, pairs, view) {
  const box = element("div", "checks");
  for (const [value, name] of pairs) {
    const line = element("label", "check");
    const mark = element("input", "");
    Object.assign(mark, { type: "checkbox", checked: chosen.includes(value) });
    mark.dataset.act = `${key} ${value}`;
    mark.addEventListener("change", () => {
      const others = view.data.ask[key].filter((one) => one !== value);
      view.ask({ [key]: mark.checked ? [...others, value] : others });
    });
    const word = element("span", "", name);
    word.title = name;
    line.append(mark, word);
    box.append(line);
  }
  return box;
}

function select(key, chosen, pairs, act, label) {
  const made = element("select", "");
  made.dataset.act = key;
  made.append(...pairs.map(([value, word]) => Object.assign(element("option", "", word), { value })));
  made.value = chosen;
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("change", () => act(made.value));
  return made;
}

function numeric(key, chosen, bounds, view) {
  const made = element("input", "");
  Object.assign(made, { type: "number", value: chosen, ...bounds });
  made.dataset.act = key;
  made.addEventListener("keydown", (event) => event.stopPropagation());
  made.addEventListener("change", () => {
    const value = Math.min(bounds.max, Math.max(bounds.min, Number(made.value) || 0));
    view.ask({ [key]: value ? String(value) : "" });
  });
  return made;
}
