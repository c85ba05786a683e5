// What all parts of the review screen build with: elements, words, times, keys.

const PRINTABLE = /^[!-~]$/;
const VERDICTS = ["confirmed", "dismissed", "unsure"];
const VERDICT_KEYS = ["1", "2", "3"];
const REASON_KEYS = ["4", "5", "6", "7", "8", "9", "0"];
const EVENT_KEYS = [...VERDICT_KEYS, ...REASON_KEYS, "l", "m", "n"]; // what one event answers to

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

// A button with the key that does the same.
function keyed(made, key, words) {
  const mark = element("kbd", "", key);
  mark.setAttribute("aria-hidden", "true");
  made.replaceChildren(mark, element("span", "", words));
  made.setAttribute("aria-keyshortcuts", key);
}

function options(select, pairs, value) {
  select.replaceChildren(...pairs.map(([key, words]) => Object.assign(element("option", "", words), { value: key })));
  select.value = pairs.some(([key]) => key === value) ? value : (pairs[0]?.[0] ?? "");
}

function field(label, control) {
  const box = element("label", "field");
  box.append(element("span", "", label), control);
  return box;
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

function labelled(text, label) {
  return text[`label.${label}`] ?? label;
}

// An event in a few words, by its line of the list.
function titleOf(row, text) {
  return [labelled(text, row.label), row.title, clock(row.start)].filter(Boolean).join(" · ");
}

function verdictWord(text, verdict) {
  return text[`verdict.${verdict || "open"}`] ?? verdict;
}

// The key that was pressed; where another script is typed, the letter that stands on that key in ours.
function keyOf(event) {
  if (event.key === " " || PRINTABLE.test(event.key)) return event.key.toLowerCase();
  return event.code.replace(/^(Key|Digit|Numpad)/, "").toLowerCase();
}

// Whether a key is meant for the page and not for a field, a menu or a dialog.
function forThePage(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const [target] = event.composedPath();
  const typing = 'input:not([type="range"]), textarea, select, [contenteditable="true"], [role="combobox"]';
  return !target.matches?.(typing) && !document.querySelector('[role="dialog"]');
}

function tellWindow(name, detail) {
  window.dispatchEvent(new CustomEvent(name, { detail }));
}

// To the list, which tells the page.
function hand(act) {
  tellWindow("sightline:review", { act });
}
