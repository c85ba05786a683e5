// One card a person: pictures, figures, what they did most.

function titled(person) {
  return person.name || person.label;
}

function card(person, index, board) {
  const { text } = board.data;
  const row = element("li", "person");
  row.dataset.person = person.label;
  row.person = person;
  row.style.setProperty("--hue", board.colour(index));
  const [best, ...others] = person.crops;
  const face = best ? picture(best, person, board, "large") : element("div", "picture large");
  const body = element("div", "body");
  const head = element("div", "head");
  head.append(element("span", "swatch"));
  const name = button("name", titled(person), fill(text.choose_card, { person: titled(person) }));
  name.addEventListener("click", () => board.pick(person, person.spans[0]?.[0] ?? null, false));
  head.append(name);
  if (person.name) head.append(element("span", "code", person.label));
  head.append(renamer(person, board, () => name));
  head.append(element("span", "dot", text.now));
  body.append(head, figures(person, board), shares(person, board));
  const strip = element("div", "strip");
  strip.append(...others.slice(0, 3).map((crop) => picture(crop, person, board, "small")));
  row.append(face, body, strip);
  return row;
}

// Figures of a person, each with the sentence that says what it is.
function figures(person, board, all = false) {
  const { text } = board.data;
  const list = element("dl", "facts");
  const entries = [
    ["first", clock(person.first)],
    ["last", clock(person.last)],
    ["visible", span(person.visible, text)],
    ["count", String(person.spans.length)],
  ];
  if (all) {
    entries.push(["score", person.score.toFixed(2)]);
    entries.push(["link", person.link.toFixed(2)]);
  }
  for (const [key, value] of entries) {
    const entry = element("div", "");
    entry.append(all ? explained(text[key], text[`${key}.help`]) : element("dt", "", text[key]), element("dd", "", value));
    if (!all) entry.title = text[`${key}.help`];
    list.append(entry);
  }
  return list;
}

// A term that says what it means when one points at it or reaches it by keyboard.
let explanations = 0;

function explained(word, help) {
  const term = element("dt", "what");
  const mark = button("ask", word, "");
  const tip = element("span", "tip", help);
  tip.id = `tip-${++explanations}`;
  tip.setAttribute("role", "tooltip");
  mark.setAttribute("aria-describedby", tip.id);
  term.append(mark, tip);
  return term;
}

// What they did most and how they looked most, in a few words.
function shares(person, board) {
  const line = element("div", "shares");
  for (const channel of ["posture", "gesture", "emotion"]) {
    const known = (person.shares[channel] ?? []).filter(([label]) => label !== "unknown").slice(0, channel === "posture" ? 2 : 1);
    for (const [label, seconds] of known) {
      const chip = element("span", "share", `${board.data.labels[label] ?? label} ${percent(seconds, person.visible)}`);
      chip.title = `${board.data.channels[channel]}: ${span(seconds, board.data.text)}`;
      line.append(chip);
    }
  }
  return line;
}

function picture([file, t, width, height], person, board, size) {
  const label = fill(board.data.text.play, { person: titled(person), time: clock(t) });
  const made = button(`picture ${size}`, undefined, label);
  made.title = clock(t);
  const image = element("img", "");
  Object.assign(image, { src: board.data.media + file, alt: "", loading: "lazy", width, height });
  image.addEventListener("error", () => image.remove()); // the ground of the button says enough
  made.append(image);
  made.addEventListener("click", () => board.pick(person, t, true));
  return made;
}

// A pencil that turns a name into a field; Enter or leaving it saves, Escape does not.
function renamer(person, board, nameOf) {
  const { text } = board.data;
  const pencil = button("pencil", undefined, fill(text.rename, { person: titled(person) }));
  pencil.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 20l1-5L16 4l4 4L9 19z"/></svg>';
  pencil.title = pencil.getAttribute("aria-label");
  pencil.addEventListener("click", () => {
    const field = element("input", "field");
    Object.assign(field, { type: "text", value: person.name, placeholder: person.label, maxLength: 80, title: text["rename.hint"] });
    field.setAttribute("aria-label", fill(text["rename.field"], { person: person.label }));
    let open = true;
    const end = (save) => {
      if (!open) return;
      open = false;
      const value = field.value.trim();
      field.replaceWith(nameOf());
      pencil.hidden = false;
      pencil.focus({ preventScroll: true });
      if (save && value !== person.name) board.rename(person, value);
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation(); // the player listens for keys too
      if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault(); // the pencil has the focus next: the same press would open the field again
      end(event.key === "Enter");
    });
    field.addEventListener("blur", () => end(true));
    nameOf().replaceWith(field);
    pencil.hidden = true;
    field.select();
    field.focus();
  });
  return pencil;
}

function element(kind, name, text) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

function button(name, text, label) {
  const made = element("button", name, text);
  made.type = "button";
  if (label) made.setAttribute("aria-label", label);
  return made;
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

function percent(part, whole) {
  return whole > 0 ? `${Math.round((100 * Math.min(part, whole)) / whole)} %` : "";
}

function span(seconds, text) {
  if (seconds < 60) return fill(text.seconds, { seconds: seconds.toFixed(1) });
  return clock(seconds);
}

function clock(seconds) {
  const tenths = Math.round(Math.max(0, seconds) * 10);
  const rest = `${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}.${tenths % 10}`;
  const minutes = Math.floor(tenths / 600);
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}
