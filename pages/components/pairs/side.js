// One of the two who may be the same person: pictures, times, clothes.

const SHOWN_CROPS = 5;

function side(person, place, text, board) {
  const box = element("article", `side side-${place}`);
  box.setAttribute("aria-label", fill(text.side, { person: person.title, footage: person.name }));
  const frame = element("div", "frame");
  const large = element("img", "large");
  large.alt = fill(text.picture, { person: person.title });
  large.addEventListener("error", () => large.removeAttribute("src"));
  const show = (crop, mark) => {
    large.src = crop[0];
    for (const one of strip.children) one.setAttribute("aria-pressed", String(one === mark));
  };
  const strip = element("div", "strip");
  for (const crop of person.crops.slice(0, SHOWN_CROPS)) {
    const made = button("small", undefined, fill(text["picture.at"], { person: person.title, time: clock(crop[1]) }));
    const image = Object.assign(element("img", ""), { src: crop[0], alt: "", loading: "lazy" });
    image.addEventListener("error", () => image.remove());
    made.title = clock(crop[1]);
    made.append(image);
    made.addEventListener("click", () => show(crop, made));
    strip.append(made);
  }
  if (person.crops.length) show(person.crops[0], strip.firstChild);
  frame.append(large, strip);
  const head = element("header", "");
  head.append(element("h2", "", person.title));
  if (person.title !== person.label) head.append(element("span", "code", person.label));
  const way = element("a", "way", fill(text.watch, { time: clock(person.first) }));
  way.href = person.link;
  const where = element("p", "quiet", person.name);
  const body = element("div", "body");
  body.append(head, where, clothes(person, text, board), way);
  box.append(frame, body);
  return box;
}

function clothes(person, text, board) {
  const list = element("dl", "clothes");
  list.setAttribute("aria-label", text.clothes);
  for (const [region, colours, words] of person.clothes) {
    const entry = element("div", "");
    const value = element("dd", "");
    for (const colour of colours) {
      const dot = element("i", "dot");
      dot.style.background = board.data.swatches[colour] ?? "transparent";
      value.append(dot);
    }
    value.append(words);
    entry.append(element("dt", "", text[`region.${region}`] ?? region), value);
    list.append(entry);
  }
  return person.clothes.length ? list : element("p", "quiet", text["clothes.none"]);
}

// When both were in view: on one axis where it is one recording, else each on their own.
function times(pair, text) {
  const box = element("div", "times");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", text.times);
  const together = pair.first.footage === pair.second.footage;
  const length = Math.max(pair.first.duration, pair.second.duration);
  for (const [place, person] of [pair.first, pair.second].entries()) {
    const row = element("div", `line line-${place}`);
    const words = fill(text.strip, { count: person.spans.length, length: person.visible.toFixed(1) });
    const bar = element("span", "bar");
    bar.setAttribute("role", "img");
    bar.setAttribute("aria-label", `${person.title}: ${words}`);
    const whole = together ? length : person.duration;
    for (const [start, end] of person.spans) {
      const part = element("i", "");
      part.style.left = `${(100 * start) / whole}%`;
      part.style.width = `${(100 * (end - start)) / whole}%`;
      part.title = `${clock(start)} – ${clock(end)}`;
      bar.append(part);
    }
    const total = element("span", "quiet", words);
    total.setAttribute("aria-hidden", "true");
    row.append(element("span", "who", person.title), bar, total);
    box.append(row);
  }
  if (!together) box.append(element("p", "quiet", text["times.two"]));
  return box;
}

function figures(pair, text) {
  const list = element("dl", "figures");
  for (const [key, value, share] of [
    ["score", percent(pair.score), pair.score],
    ["similarity", pair.similarity.toFixed(2), Math.max(0, pair.similarity)],
    ["seconds", fill(text.length, { length: pair.seconds.toFixed(1) }), null],
  ]) {
    const entry = element("div", "");
    const term = element("dt", "", text[key]);
    const shown = element("dd", "");
    shown.append(element("b", "", value));
    if (share !== null) {
      const meter = element("span", "meter");
      const fillBar = element("i", "");
      fillBar.style.width = `${100 * share}%`;
      meter.append(fillBar);
      shown.append(meter);
    }
    entry.append(term, shown, element("dd", "quiet", text[`${key}.help`]));
    list.append(entry);
  }
  return list;
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

function percent(share) {
  return `${Math.round(100 * share)} %`;
}

function clock(seconds) {
  const tenths = Math.round(Math.max(0, seconds) * 10);
  const rest = `${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}.${tenths % 10}`;
  const minutes = Math.floor(tenths / 600);
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}
