// The library: every recording as a card or as a row of a table, searched, filtered and sorted in the browser.
//
// Python hands over all recordings at once and hears of clicks as numbered events, so that none is lost or counted
// twice. Progress comes from /sightline/pulse without a rerun; when something else has changed, a rerun is asked for.

const PULSE = "/sightline/pulse";
const BUSY_MS = 1000; // between two looks while something is analysed
const IDLE_MS = 4000;
const PATIENCE_MS = 15000; // before the same rerun is asked for once more
const PAGE = 60; // recordings drawn before "show more"
const KEPT_EVENTS = 20;

export default function ({ data, parentElement, setStateValue }) {
  const view = (parentElement.sightline ??= build(parentElement));
  view.tell = (events) => setStateValue("events", events);
  view.update(data);
  view.wake();
  return () => view.sleep();
}

function build(parent) {
  const root = parent.appendChild(document.createElement("div")); // beside the style sheet that is already there
  root.className = "library";
  const view = { data: { items: [], text: {} }, live: new Map(), tell: () => {}, shown: PAGE, drawn: new Map() };
  view.choice = remembered();
  view.emit = (kind, footage) => {
    window.sightlineEvents ??= { n: 0, list: [] };
    const log = window.sightlineEvents;
    log.list = [...log.list, { n: ++log.n, kind, footage }].slice(-KEPT_EVENTS);
    view.tell(log.list);
  };
  const bar = toolbar(view);
  const count = element("p", "count");
  count.setAttribute("role", "status");
  const stage = element("div", "stage");
  const more = element("button", "more");
  more.type = "button";
  more.addEventListener("click", () => {
    view.shown += PAGE;
    view.arrange();
  });
  new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting) && !more.hidden) more.click();
  }).observe(more);
  root.append(bar.node, count, stage, more);

  view.update = (data) => {
    const fresh = data.language !== view.data.language;
    view.data = data;
    root.hidden = !data.items.length;
    for (const item of data.items) item.state = stateOf(item);
    if (fresh) view.drawn.clear();
    bar.update(data);
    view.arrange();
  };
  view.arrange = () => {
    const found = sorted(data(view).filter((item) => matches(item, view.choice)), view.choice, view.data.language);
    const table = view.choice.view === "table";
    const text = view.data.text;
    const total = view.data.items.length;
    count.textContent = found.length === total ? "" : fill(text.showing, { count: found.length, total });
    count.classList.toggle("nothing", !found.length);
    const place = holder(stage, table, text, view);
    fillIn(place, found.slice(0, view.shown), view, table);
    more.hidden = found.length <= view.shown;
    more.textContent = fill(text.more, { count: Math.min(PAGE, found.length - view.shown) });
  };
  pulse(view);
  return view;
}

const data = (view) => view.data.items;

// What the reader has chosen: view and order stay with the browser, search and filters with the tab.

function remembered() {
  const kept = (store) => JSON.parse(store.getItem("sightline:library") ?? "{}");
  return { view: "cards", sort: "newest", query: "", state: "", camera: "", tag: "", ...kept(localStorage), ...kept(sessionStorage) };
}

function remember({ view, sort, down, query, state, camera, tag }) {
  localStorage.setItem("sightline:library", JSON.stringify({ view, sort, down }));
  sessionStorage.setItem("sightline:library", JSON.stringify({ query, state, camera, tag }));
}

function stateOf(item) {
  if (item.job && (item.job.state === "queued" || item.job.state === "running")) return "working";
  if (item.job?.state === "failed") return "failed";
  if (item.run) return "done";
  return item.job?.state === "cancelled" ? "cancelled" : "new";
}

function matches(item, choice) {
  if (choice.state && (choice.state === "alerts" ? !item.alerts : item.state !== choice.state)) return false;
  if (choice.camera && item.camera !== choice.camera) return false;
  if (choice.tag && !item.tags.some((tag) => same(tag, choice.tag))) return false;
  const words = choice.query.toLocaleLowerCase().normalize("NFC").split(/\s+/).filter(Boolean);
  const place = [item.name, item.camera, item.note, ...item.tags].join("\n").toLocaleLowerCase().normalize("NFC");
  return words.every((word) => place.includes(word));
}

function same(one, other) {
  return one.toLocaleLowerCase() === other.toLocaleLowerCase();
}

const KEYS = {
  newest: (item) => -item.place, // they come newest first
  name: (item) => item.name,
  length: (item) => item.seconds,
  start: (item) => item.start,
  people: (item) => item.people,
  alerts: (item) => item.alerts,
  state: (item) => item.state,
  camera: (item) => item.camera || null,
};
const RISING = new Set(["name", "camera", "state"]); // the others begin with the most

function sorted(items, choice, language) {
  const key = KEYS[choice.sort] ?? KEYS.newest;
  const words = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const sign = RISING.has(choice.sort) === Boolean(choice.down) ? -1 : 1;
  return [...items].sort((one, other) => {
    const [a, b] = [key(one), key(other)];
    if (a === null || b === null) return (a === null) - (b === null) || one.place - other.place; // unknown comes last
    const order = typeof a === "string" ? words.compare(a, b) : a - b;
    return sign * order || one.place - other.place;
  });
}

// Progress

function pulse(view) {
  let timer = 0;
  let asked = "";
  let askedAt = 0;
  const look = async () => {
    timer = -1;
    try {
      if (!document.hidden) {
        const answer = await (await fetch(PULSE)).json();
        hear(answer);
      }
    } catch {
      // The server is away; Streamlit says so, and the next look may find it.
    }
    if (timer === -1) timer = setTimeout(look, view.live.size ? BUSY_MS : IDLE_MS);
  };
  const hear = (answer) => {
    if (!answer.revision) return;
    view.live = new Map(answer.jobs.map((job) => [job.footage, job]));
    for (const item of view.data.items) {
      const job = view.live.get(item.id);
      const node = view.drawn.get(item.id)?.node;
      if (job && item.state === "working" && node) drawProgress(node, { ...item.job, ...job }, view.data);
    }
    const pictured = answer.pictured.some((id) => view.data.items.some((item) => item.id === id && !item.poster));
    const word = `${answer.revision}${pictured ? "+" : ""}`;
    const again = asked !== word || performance.now() - askedAt > PATIENCE_MS;
    if ((answer.revision !== view.data.revision || pictured) && again) {
      asked = word;
      askedAt = performance.now();
      view.emit("refresh", "");
    }
  };
  view.wake = () => {
    if (!timer) timer = setTimeout(look, view.data.items.some((item) => item.state === "working") ? 200 : IDLE_MS);
  };
  view.sleep = () => {
    if (timer > 0) clearTimeout(timer);
    timer = 0;
  };
}

// Small things

function element(kind, name, text) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

function button(name, text, act) {
  const made = element("button", name, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function fill(sentence, values) {
  return (sentence ?? "").replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

function lasting(seconds, text) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return fill(text["time.s"], { s: whole });
  if (whole < 3600) return fill(text["time.min"], { min: Math.floor(whole / 60), s: whole % 60 });
  return fill(text["time.h"], { h: Math.floor(whole / 3600), min: Math.floor((whole % 3600) / 60) });
}
