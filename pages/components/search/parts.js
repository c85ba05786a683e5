// Small things that every part uses.

function element(kind, name, text) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

function button(name, text, act, label) {
  const made = element("button", name, text);
  made.type = "button";
  if (label) made.setAttribute("aria-label", label);
  if (act) made.addEventListener("click", act);
  return made;
}

const ICONS = {
  find: "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20",
  photo: "M4 8h4l1.5-2h5L16 8h4v11H4zM12 10a3.2 3.2 0 1 0 0 6.4a3.2 3.2 0 0 0 0-6.4z",
  filters: "M4 7h16M7 12h10M10 17h4",
  saved: "M7 4h10v16l-5-4l-5 4z",
  alike: "M9 5a3 3 0 1 0 0 6a3 3 0 0 0 0-6zM3.5 19c.6-3.3 2.6-5 5.5-5s4.900 1.700 5.500 5M15 6.200a2.600 2.600 0 0 1 0 4.700M17 14.300c1.900.600 3.100 2.100 3.500 4.700",
  close: "M6 6l12 12M18 6L6 18",
  agrees: "M5 12.500l4.500 4.500L19 7.500",
  contradicts: "M6 6l12 12M18 6L6 18",
  "not-visible": "M4 12h16",
};

function icon(name) {
  const box = element("span", "icon");
  box.setAttribute("aria-hidden", "true");
  box.innerHTML = `<svg viewBox="0 0 24 24"><path d="${ICONS[name]}"/></svg>`;
  return box;
}

function fill(sentence, values) {
  return (sentence ?? "").replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

// Which form of a text a number wants: "nobody", "1 person" or "12 people".
function form(count) {
  return { 0: "none", 1: "one" }[count] ?? "many";
}

function clock(seconds) {
  const tenths = Math.round(Math.max(0, seconds) * 10);
  const rest = `${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}.${tenths % 10}`;
  const minutes = Math.floor(tenths / 600);
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

function hour(value) {
  const minutes = Math.round((value % 1) * 60);
  return `${String(Math.floor(value)).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}

// A panel below a button: it opens and closes, Escape and a click elsewhere close it, and the button gets the focus back.
function dropdown(opener, panel) {
  opener.setAttribute("aria-expanded", "false");
  opener.setAttribute("aria-haspopup", "dialog");
  panel.hidden = true;
  const outside = (event) => {
    const path = event.composedPath();
    if (!path.includes(panel) && !path.includes(opener)) open(false);
  };
  // Heard anywhere: what had the focus in the panel may be gone since.
  const escaped = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    open(false, true);
  };
  function open(wanted, back = false) {
    panel.hidden = !wanted;
    opener.setAttribute("aria-expanded", String(wanted));
    const change = wanted ? "addEventListener" : "removeEventListener";
    document[change]("pointerdown", outside, true);
    document[change]("keydown", escaped, true);
    if (wanted) {
      // A panel at the right edge grows to the left.
      panel.classList.remove("leftwards");
      panel.classList.toggle("leftwards", panel.getBoundingClientRect().right > document.documentElement.clientWidth - 8);
      panel.querySelector("button, input, select")?.focus();
    } else if (back) {
      opener.focus();
    }
  }
  opener.addEventListener("click", () => open(panel.hidden));
  return open;
}

// Draws a part anew only where what it is drawn from has changed, so that the focus and half-typed words stay.
function drawer(place, draw) {
  let drawn = null;
  return (...values) => {
    const wanted = JSON.stringify(values);
    if (wanted === drawn) return;
    drawn = wanted;
    const active = place.getRootNode().activeElement;
    const held = active && place.contains(active) ? active.dataset.act : null;
    place.replaceChildren(...draw(...values));
    if (held) place.querySelector(`[data-act="${CSS.escape(held)}"]`)?.focus();
  };
}
