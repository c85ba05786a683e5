// The list of people: a card each, with pictures, facts and the times they appear.
//
// A click on a time asks the player directly ("sightline:seek" on `window`) and tells the page, which puts person and
// time into the address.

const FIRST_TIMES = 8; // shown at once; the rest on demand

export default function ({ data, parentElement, setTriggerValue }) {
  const list = (parentElement.sightline ??= build(parentElement));
  list.tell = setTriggerValue;
  list.update(data);
  window.addEventListener("sightline:time", list.onTime);
  return () => window.removeEventListener("sightline:time", list.onTime);
}

function build(parent) {
  const root = parent.appendChild(document.createElement("div")); // beside the style sheet that is already there
  root.innerHTML = `<ol class="people"></ol>`;
  const rows = root.firstElementChild;
  let current = null;
  let drawn = "";
  const list = {
    tell: () => {},
    onTime: ({ detail }) => {
      if (!current || detail.footage !== current.footage) return;
      for (const row of rows.children) {
        const spans = row.person.spans;
        row.classList.toggle("now", spans.some(([start, end]) => start - 0.001 <= detail.t && detail.t <= end));
      }
    },
    update(data) {
      current = data;
      const wanted = JSON.stringify([data.footage, data.people, data.text]);
      if (wanted !== drawn) {
        drawn = wanted;
        rows.replaceChildren(...data.people.map((person) => card(person, data, pick)));
      }
      for (const row of rows.children) point(row, row.person.label === data.chosen);
    },
  };

  function pick(person, t) {
    window.dispatchEvent(new CustomEvent("sightline:seek", { detail: { footage: current.footage, t, play: true } }));
    for (const row of rows.children) point(row, row.person.label === person.label);
    list.tell("pick", { person: person.label, t });
  }
  return list;
}

function point(row, chosen) {
  row.classList.toggle("chosen", chosen);
  if (chosen) row.setAttribute("aria-current", "true");
  else row.removeAttribute("aria-current");
}

function card(person, data, pick) {
  const { text } = data;
  const row = element("li", "person");
  row.person = person;
  row.dataset.person = person.label;
  const [best, ...others] = person.crops;
  const face = element("div", "face");
  if (best) face.append(picture(best, person, text, pick, "large"));
  const body = element("div", "body");
  const head = element("div", "head");
  head.append(element("span", "label", person.label), element("span", "dot", text.now));
  const count = fill(person.spans.length === 1 ? text["times.one"] : text["times.many"], { count: person.spans.length });
  head.append(element("span", "count", count));
  body.append(head, facts(person, text), times(person, text, pick));
  if (others.length) {
    const strip = element("div", "strip");
    strip.append(...others.map((crop) => picture(crop, person, text, pick, "small")));
    body.append(strip);
  }
  row.append(face, body);
  return row;
}

function facts(person, text) {
  const list = element("dl", "facts");
  const entries = [
    [text.first, clock(person.first)],
    [text.last, clock(person.last)],
    [text.visible, fill(text.seconds, { seconds: person.visible.toFixed(1) })],
    [text.score, person.score.toFixed(2)],
  ];
  if (person.tracklets > 1) entries.push([text.link, person.link.toFixed(2)]);
  for (const [name, value] of entries) {
    const entry = element("div", "");
    entry.append(element("dt", "", name), element("dd", "", value));
    list.append(entry);
  }
  return list;
}

function times(person, text, pick) {
  const box = element("div", "times");
  const chip = ([start, end]) => {
    const button = element("button", "time", `${clock(start)} – ${clock(end)}`);
    button.type = "button";
    button.setAttribute("aria-label", fill(text.play, { person: person.label, time: clock(start) }));
    button.dataset.t = start;
    button.addEventListener("click", () => pick(person, start));
    return button;
  };
  box.append(...person.spans.slice(0, FIRST_TIMES).map(chip));
  const rest = person.spans.slice(FIRST_TIMES);
  if (rest.length) {
    const more = element("button", "more", fill(text.more, { count: rest.length }));
    more.type = "button";
    more.addEventListener("click", () => {
      const added = rest.map(chip);
      more.replaceWith(...added);
      added[0].focus();
    });
    box.append(more);
  }
  return box;
}

function picture(crop, person, text, pick, size) {
  const button = element("button", `picture ${size}`);
  button.type = "button";
  const label = fill(text.play, { person: person.label, time: clock(crop.t) });
  button.title = clock(crop.t);
  button.setAttribute("aria-label", label);
  const image = element("img", "");
  Object.assign(image, { src: crop.url, alt: "", loading: "lazy", width: crop.width, height: crop.height });
  image.addEventListener("error", () => image.remove()); // the ground of the button says enough
  button.append(image);
  button.addEventListener("click", () => pick(person, crop.t));
  return button;
}

function element(kind, name, text) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

function clock(seconds) {
  const tenths = Math.round(Math.max(0, seconds) * 10);
  const rest = `${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}.${tenths % 10}`;
  const minutes = Math.floor(tenths / 600);
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}
