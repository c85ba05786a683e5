// Search: one box, what was understood of it, filters, a threshold, and the people who were found.
//
// What is asked stands in the address, which Python keeps; this element says what it should become. Every wish goes out
// as a numbered event, so that none is lost or done twice. A photograph goes by itself: it is large and is not kept.

const KEPT_EVENTS = 20;
const PATIENCE_MS = 2500; // before what was pressed and not answered is asked for once more
const MOST_PATIENCE_MS = 30000;
const SLOW_MS = 150; // an answer that comes sooner needs no sign of waiting

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const view = (parentElement.sightline ??= build(parentElement));
  view.tell = (events) => setStateValue("events", events);
  view.sendPhoto = (photo) => {
    setTriggerValue("photo", photo);
    view.act("nudge", {}); // a photograph has no number of its own
  };
  view.update(data);
  view.wake();
  return () => view.sleep();
}

function build(parent) {
  const root = parent.appendChild(document.createElement("div")); // beside the style sheet that is already there
  root.className = "search";
  const view = { data: null, tell: () => {}, sendPhoto: () => {} };
  let waiting = 0;
  let unheard = 0;
  let patience = PATIENCE_MS;

  // What one session of the server has heard means nothing to another.
  const logOf = (visit) => {
    if (window.sightlineSearch?.visit !== visit) window.sightlineSearch = { visit, n: 0, list: [] };
    return window.sightlineSearch;
  };
  view.act = (kind, detail) => {
    const log = logOf(view.data.visit);
    log.list = [...log.list, { n: ++log.n, kind, ...detail }].slice(-KEPT_EVENTS);
    view.tell(log.list);
    clearTimeout(unheard);
    unheard = setTimeout(nudge, patience);
  };
  // Streamlit may take in what was pressed while it draws another part of the page, and then draw only that. What was
  // pressed is done, but nothing here shows it: it is asked once more, ever less often.
  const nudge = () => {
    if (!parent.isConnected || view.data.heard >= logOf(view.data.visit).n) return;
    patience = Math.min(2 * patience, MOST_PATIENCE_MS);
    view.act("nudge", {});
  };
  // Quick changes build on one another before Python has answered the first.
  view.ask = (changes) => {
    view.data.ask = { ...view.data.ask, ...changes };
    view.busy(true);
    view.act("ask", { ask: view.data.ask });
  };
  view.change = (chips) => {
    view.busy(true);
    view.act("chips", { chips, ask: view.data.ask });
  };
  view.clearFilters = () => view.ask(Object.fromEntries(LIMITS.map((key) => [key, Array.isArray(view.data.ask[key]) ? [] : ""])));
  view.busy = (on) => {
    clearTimeout(waiting);
    if (on) waiting = setTimeout(() => root.setAttribute("aria-busy", "true"), SLOW_MS);
    else root.removeAttribute("aria-busy");
  };

  const box = searchBox(view);
  view.focusBox = () => box.field.focus();
  const saved = savedMenu(view);
  const filters = filterBar(view);
  const top = element("div", "top");
  top.append(box.nodes[0], filters.opener, saved.node);
  const bar = element("div", "bar2");
  const sum = summary(view);
  const least = threshold(view);
  bar.append(sum.node, least.node);
  const like = likeRow(view);
  const understood = understoodRow(view);
  const warnings = notes();
  const empty = emptyState(view);
  const list = resultList(view);
  const more = button("more", "", () => view.ask({ top: String(view.data.more.top) }));
  const progress = element("div", "progress");
  root.append(top, progress, box.nodes[1], like.node, understood.node, filters.chips, warnings.node, bar, empty.node, list.node, more);

  view.update = (data) => {
    // An answer to an earlier wish must not take back what was changed meanwhile.
    const behind = data.heard < logOf(data.visit).n;
    if (!behind) patience = PATIENCE_MS;
    view.data = behind && view.data ? { ...data, ask: view.data.ask } : data;
    data = view.data;
    view.busy(behind);
    root.lang = data.language;
    for (const part of [box, saved, filters, sum, least, like, understood, warnings, empty, list]) part.update(data);
    more.hidden = !data.more;
    if (data.more) more.textContent = fill(data.text.more, { count: data.more.count });
  };

  // "/" goes to the box from anywhere on the page where nothing is being typed.
  const slash = (event) => {
    const [at] = event.composedPath();
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || at.matches?.("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    box.field.focus();
    box.field.select();
  };
  // Back and forward between searches: Streamlit changes the address, but asks the script for the last one again.
  const place = location.pathname;
  const moved = () => {
    if (location.pathname !== place) return;
    const query = new URLSearchParams(location.search);
    view.act("address", { ask: Object.fromEntries([...query.keys()].map((key) => [key, query.getAll(key)])) });
  };
  view.wake = () => {
    document.addEventListener("keydown", slash);
    window.addEventListener("popstate", moved);
  };
  view.sleep = () => {
    document.removeEventListener("keydown", slash);
    window.removeEventListener("popstate", moved);
  };
  return view;
}
