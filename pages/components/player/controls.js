// The bar under the picture: seek bar with what cannot be read and where the chosen person is, buttons, toggles.

const SPEEDS = [0.25, 0.5, 1, 1.5, 2, 4, 8];
const TOGGLES = ["boxes", "names", "labels", "skeletons"];
const MEMORY = "sightline.player";
const ICONS = {
  play: '<path d="M7 4.5v15l12-7.5z"/>',
  pause: '<path d="M6 5h4v14H6zM14 5h4v14h-4z"/>',
  back: '<path d="M17 5v14L8 12zM5 5h2v14H5z"/>',
  on: '<path d="M7 5v14l9-7zM17 5h2v14h-2z"/>',
  loud: '<path d="M4 9v6h4l5 4V5L8 9zM16 8a5 5 0 0 1 0 8M18 5.5a8.5 8.5 0 0 1 0 13" class="line"/>',
  mute: '<path d="M4 9v6h4l5 4V5L8 9zM16.5 9.5l5 5M21.5 9.5l-5 5" class="line"/>',
  full: '<path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" class="line"/>',
  small: '<path d="M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5" class="line"/>',
};

const MARKUP = `
  <div class="player" tabindex="-1" role="group">
    <div class="picture">
      <video playsinline preload="auto" tabindex="-1"></video>
      <canvas aria-hidden="true"></canvas>
      <p class="problem" role="alert" hidden></p>
      <p class="quiet" role="status" hidden></p>
    </div>
    <div class="seek">
      <div class="marks" aria-hidden="true"></div>
      <input type="range" class="place" min="0" step="any" value="0" />
    </div>
    <div class="bar">
      <div class="group">
        <button type="button" data-do="play"></button>
        <button type="button" data-do="back"></button>
        <button type="button" data-do="on"></button>
        <span class="clock"><span class="now">0:00.00</span> / <span class="whole"></span></span>
      </div>
      <div class="group toggles" role="group">
        ${TOGGLES.map((name) => `<button type="button" class="chip" data-toggle="${name}"></button>`).join("")}
        <button type="button" class="chip only" data-do="only" hidden></button>
      </div>
      <div class="group end">
        <select class="speed">${SPEEDS.map((speed) => `<option value="${speed}"${speed === 1 ? " selected" : ""}>${speed}×</option>`).join("")}</select>
        <span class="sound"><button type="button" data-do="mute"></button>
          <input type="range" class="volume" min="0" max="1" step="0.05" value="1" /></span>
        <button type="button" data-do="full"></button>
      </div>
    </div>
  </div>`;

function remembered() {
  const shown = { boxes: true, names: true, labels: true, skeletons: false };
  try {
    return { ...shown, ...JSON.parse(localStorage.getItem(MEMORY) ?? "{}") };
  } catch {
    return shown; // no storage, or nonsense in it
  }
}

function remember(shown) {
  try {
    localStorage.setItem(MEMORY, JSON.stringify(shown));
  } catch {
    // A browser without storage forgets; nothing else is lost.
  }
}

function dress(button, icon, words) {
  if (button.dataset.icon !== icon) {
    button.dataset.icon = icon;
    button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true">${ICONS[icon]}</svg>`;
  }
  button.setAttribute("aria-label", words);
  button.title = words;
}

// Everything of the bar that depends on words and on what is played; called when either changes.
function label(root, data) {
  const { text } = data;
  const find = (name) => root.querySelector(name);
  find(".player").setAttribute("aria-label", fill(text.region, { name: data.name }));
  dress(find("[data-do=back]"), "back", text.back);
  dress(find("[data-do=on]"), "on", text.on);
  find(".toggles").setAttribute("aria-label", text.toggles);
  for (const name of TOGGLES) {
    const button = find(`[data-toggle=${name}]`);
    button.textContent = text[name];
    button.title = text[`${name}.help`];
  }
  find(".place").setAttribute("aria-label", text.place);
  find(".speed").setAttribute("aria-label", text.speed);
  find(".speed").title = text.speed;
  find(".volume").setAttribute("aria-label", text.volume);
  find(".sound").hidden = !data.audio;
}

// Where footage cannot be read, and where the chosen person is in view, along the seek bar.
function mark(root, data, length, person, colour) {
  const piece = (kind, [start, end], title) => {
    const made = document.createElement("i");
    made.className = kind;
    made.style.left = `${(100 * start) / length}%`;
    made.style.width = `${(100 * (end - start)) / length}%`;
    if (title) made.title = title;
    return made;
  };
  const seen = (person?.spans ?? []).map((span) => {
    const made = piece("seen", span, "");
    made.style.background = colour;
    return made;
  });
  root.querySelector(".marks").replaceChildren(...seen, ...data.gaps.map((gap) => piece("gap", gap, data.text.gap)));
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

function clock(seconds, digits = 2) {
  const unit = 10 ** digits;
  const whole = Math.floor(Math.max(0, seconds) * unit + 1e-4);
  const rest = String(whole % (60 * unit)).padStart(2 + digits, "0");
  const minutes = Math.floor(whole / (60 * unit));
  const tail = `${rest.slice(0, -digits)}.${rest.slice(-digits)}`;
  if (minutes < 60) return `${minutes}:${tail}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${tail}`;
}
