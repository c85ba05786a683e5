// What was understood: a capsule for each garment, a chip in it for each thing asked, and a menu to change it.

const PARTS = ["head", "hair", "upper", "lower", "shoes", "bag"];

function understoodRow(view) {
  const node = element("div", "understood");
  const draw = drawer(node, (chips, unknown, english, text) => {
    const parts = [];
    if (chips.length) {
      const label = element("span", "rowlabel", text.understood);
      const groups = element("div", "groups");
      groups.setAttribute("role", "group");
      groups.setAttribute("aria-label", text.understood);
      groups.append(...grouped(chips).map((members) => capsule(members, chips, view)));
      parts.push(label, groups);
    }
    if (unknown.length) {
      const words = unknown.map((word) => `“${word.length > 40 ? `${word.slice(0, 40)}…` : word}”`).join(", ");
      const note = element("p", "unknown", fill(text.unknown, { words }));
      note.setAttribute("role", "status");
      parts.push(note);
    }
    if (english) parts.push(element("p", "english", fill(text.english, { text: english })));
    return parts;
  });
  return { node, update: (data) => draw(data.chips, data.unknown, data.answer?.english ?? "", data.text) };
}

// Chips of one garment, in the order of the words: [[place, chip], …] each.
function grouped(chips) {
  const groups = new Map();
  chips.forEach((chip, place) => {
    if (!groups.has(chip.group)) groups.set(chip.group, []);
    groups.get(chip.group).push([place, chip]);
  });
  return [...groups.values()];
}

function capsule(members, chips, view) {
  const box = element("span", "capsule");
  const region = members[0][1].region;
  box.append(element("span", "region", view.data.text[region ? `region.${region}` : "region.any"]));
  for (const [place, chip] of members) box.append(chipNode(place, chip, chips, view));
  return box;
}

// A chip in words: "light blue", "not red", "no hat".
function chipWords(chip, data) {
  const { text, words } = data;
  const own = words[chip.kind]?.[chip.value] ?? chip.value;
  const shaded = chip.shade ? `${text[`chip.${chip.shade}`]} ${own}` : own;
  const word = [shaded, ...(chip.also ?? []).map((one) => words.colour[one] ?? one)].join(text["chip.or"]);
  if (!chip.negated) return word;
  return fill(text[chip.kind === "garment" ? "chip.no" : "chip.not"], { word });
}

function chipNode(place, chip, chips, view) {
  const { text } = view.data;
  const words = chipWords(chip, view.data);
  const box = element("span", chip.negated ? "chip negated" : "chip");
  const face = button("face", undefined, null, fill(text.chip, { chip: words }));
  face.dataset.act = `chip ${place}`;
  if (chip.kind === "colour") face.append(swatch(chip.value, view));
  face.append(element("span", "word", words));
  const drop = button("drop", undefined, () => view.change(chips.filter((_, at) => at !== place)), fill(text["chip.remove"], { chip: words }));
  drop.dataset.act = `drop ${place}`;
  drop.append(icon("close"));
  const menu = element("div", "menu");
  menu.setAttribute("role", "dialog");
  menu.setAttribute("aria-label", fill(text.chip, { chip: words }));
  const change = (changes) => view.change(chips.map((one, at) => (at === place ? { ...one, ...changes, said: "" } : one)));
  const open = dropdown(face, menu);
  face.addEventListener("click", () => {
    if (menu.firstChild) return;
    menu.append(...chipMenu(chip, change, () => drop.click(), view));
    open(true); // measured and focused again, now that it is filled
  });
  box.append(face, drop, menu);
  return box;
}

function chipMenu(chip, change, remove, view) {
  const { text, words } = view.data;
  const parts = [switched(text["chip.sense"], [[false, text["chip.is"]], [true, text["chip.isnt"]]], chip.negated, (negated) => change({ negated }))];
  if (chip.kind === "colour") {
    const shades = [["light", text["chip.light"]], ["", text["chip.plain"]], ["dark", text["chip.dark"]]];
    parts.push(switched(text["chip.shade"], shades, chip.shade, (shade) => change({ shade })));
  }
  const list = element("div", chip.kind === "colour" ? "choices colours" : "choices");
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", text["chip.swap"]);
  for (const [value, region] of alternatives(chip, view.data)) {
    const name = words[chip.kind][value];
    const choice = button("choice", undefined, () => change({ value, region, also: [] }));
    choice.setAttribute("aria-pressed", String(value === chip.value));
    if (chip.kind === "colour") choice.append(swatch(value, view));
    choice.append(element("span", "", name));
    list.append(choice);
  }
  if (list.childElementCount > 1) parts.push(list);
  parts.push(button("remove", text["chip.delete"], remove));
  return parts;
}

// What a chip may be changed into: of garments those worn in the same place come first.
function alternatives(chip, data) {
  const all = Object.entries(data.regions[chip.kind] ?? {});
  if (chip.kind !== "garment") {
    const fitting = all.filter(([, region]) => !region || !chip.region || region === chip.region);
    return fitting.map(([value, region]) => [value, chip.region || region]);
  }
  const near = all.filter(([, region]) => region === chip.region);
  const far = all.filter(([, region]) => region !== chip.region);
  far.sort((one, other) => PARTS.indexOf(one[1]) - PARTS.indexOf(other[1]));
  return [...near, ...far];
}

function switched(label, pairs, chosen, act) {
  const box = element("div", "switched");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", label);
  for (const [value, word] of pairs) {
    const made = button("", word, () => act(value));
    made.setAttribute("aria-pressed", String(value === chosen));
    box.append(made);
  }
  return box;
}

function swatch(colour, view) {
  const made = element("i", "swatch");
  made.style.background = view.data.swatches[colour] ?? "transparent";
  return made;
}
