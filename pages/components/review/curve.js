// What the model said over time: a bold line for "out of the ordinary", a thin one for each kind, the threshold, the
// event's stretch, and where the player stands. A click seeks, and so do the arrow keys.

const CURVE = { height: 132, left: 30, right: 8, top: 8, bottom: 18 };
const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3]];
const TICKS_PX = 90; // from one time on the axis to the next, at least

class Curve {
  constructor(box, seek) {
    this.box = box;
    this.seek = seek;
    this.canvas = element("canvas", "curve");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "slider");
    this.legend = element("ul", "legend");
    this.note = element("p", "quiet");
    box.append(this.canvas, this.legend, this.note);
    this.now = null;
    this.data = null;
    this.canvas.addEventListener("click", (event) => this.data?.curve && seek(this.timeAt(event.offsetX), true));
    this.canvas.addEventListener("keydown", (event) => this.onKey(event));
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  update(data) {
    this.data = data;
    const { text, curve, event } = data;
    this.canvas.hidden = this.legend.hidden = !curve;
    this.note.hidden = Boolean(curve);
    if (!curve) {
      this.note.textContent = event.by ? fill(text["curve.none"], { person: event.by }) : text["curve.missing"];
      return;
    }
    this.from = Math.min(curve.t[0], data.window[0]);
    this.to = Math.max(curve.t.at(-1), data.window[1], this.from + 0.1);
    this.normal = curve.labels.indexOf("normal");
    this.kinds = curve.labels.map((label, column) => ({ label, column })).filter(({ column }) => column !== this.normal);
    this.canvas.setAttribute("aria-label", text.curve);
    this.canvas.setAttribute("aria-valuemin", this.from.toFixed(1));
    this.canvas.setAttribute("aria-valuemax", this.to.toFixed(1));
    this.describe();
    this.keyTo(text);
    this.draw();
  }

  keyTo(text) {
    const { colours, curve } = this.data;
    const entry = (words, style, colour) => {
      const item = element("li", "", words);
      const swatch = element("i", style);
      if (colour) swatch.style.color = colour;
      item.prepend(swatch);
      return item;
    };
    const lines = this.kinds.map(({ label }, row) => {
      const item = entry(labelled(text, label), "line", colours[label] ?? colours.normal);
      item.firstChild.innerHTML = `<svg viewBox="0 0 22 6" aria-hidden="true"><path d="M0 3H22" stroke="currentColor" stroke-width="2" stroke-dasharray="${DASHES[row % DASHES.length].join(" ")}"/></svg>`;
      return item;
    });
    const threshold = fill(text["curve.threshold"], { value: curve.threshold.toFixed(2) });
    const unseen = curve.values.some((row) => !row.some(Boolean)) ? [entry(text["curve.unseen"], "hatch")] : [];
    this.legend.replaceChildren(
      entry(text["curve.unusual"], "bold"),
      ...lines,
      entry(threshold, "dashes"),
      entry(text["curve.window"], "block"),
      ...unseen,
    );
  }

  stand(t) {
    this.now = t;
    if (!this.data?.curve) return;
    this.describe();
    this.draw();
  }

  // The row whose time is nearest.
  rowAt(t) {
    const times = this.data.curve.t;
    let best = 0;
    for (let row = 1; row < times.length; row++) if (Math.abs(times[row] - t) < Math.abs(times[best] - t)) best = row;
    return best;
  }

  describe() {
    const { curve, text, window: [start] } = this.data;
    const t = this.now ?? start;
    const row = curve.values[this.rowAt(t)];
    const unusual = 1 - row[this.normal] / 1000;
    const most = this.kinds.reduce((best, one) => (row[one.column] > row[best.column] ? one : best), this.kinds[0]);
    const key = !row.some(Boolean) ? "curve.say.unseen" : unusual < 0.5 ? "curve.say.normal" : "curve.say";
    const values = { time: clock(t), value: unusual.toFixed(2), label: labelled(text, most.label) };
    this.canvas.setAttribute("aria-valuenow", t.toFixed(1));
    this.canvas.setAttribute("aria-valuetext", fill(text[key], values));
  }

  onKey(event) {
    const { curve, window: [start] } = this.data;
    const row = this.rowAt(this.now ?? start);
    const last = curve.t.length - 1;
    const goal = { ArrowLeft: row - 1, ArrowRight: row + 1, Home: 0, End: last }[event.key];
    if (goal === undefined) return;
    event.preventDefault(); // the player would jump
    this.seek(curve.t[Math.min(Math.max(goal, 0), last)], false);
  }

  x(t) {
    const width = this.canvas.clientWidth - CURVE.left - CURVE.right;
    return CURVE.left + ((t - this.from) / (this.to - this.from)) * width;
  }

  y(value) {
    return CURVE.top + (1 - value) * (CURVE.height - CURVE.top - CURVE.bottom);
  }

  timeAt(left) {
    const width = this.canvas.clientWidth - CURVE.left - CURVE.right;
    const share = Math.min(Math.max((left - CURVE.left) / width, 0), 1);
    return this.from + share * (this.to - this.from);
  }

  draw() {
    const { canvas, data } = this;
    if (!data?.curve || !canvas.clientWidth) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(CURVE.height * ratio);
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const style = getComputedStyle(canvas);
    const ink = style.color;
    const quiet = style.getPropertyValue("--quiet-ink");
    const accent = style.getPropertyValue("--st-primary-color");
    this.ground(pen, quiet, accent);
    this.lines(pen, ink);
    this.playhead(pen, accent);
    canvas.drawn = { now: this.now, from: this.from, to: this.to };
  }

  ground(pen, quiet, accent) {
    const { event, curve } = this.data;
    const [top, bottom] = [this.y(1), this.y(0)];
    pen.globalAlpha = 0.14;
    pen.fillStyle = accent;
    pen.fillRect(this.x(event.start), top, this.x(event.end) - this.x(event.start), bottom - top);
    pen.globalAlpha = 1;
    this.unseen(pen, quiet);
    pen.font = "11px system-ui, sans-serif";
    pen.fillStyle = quiet;
    pen.strokeStyle = quiet;
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    for (const value of [0, 0.5, 1]) {
      pen.fillText(value === 0.5 ? ".5" : String(value), CURVE.left - 6, this.y(value));
      pen.globalAlpha = 0.25;
      pen.fillRect(CURVE.left, this.y(value) - 0.5, this.canvas.clientWidth - CURVE.left - CURVE.right, 1);
      pen.globalAlpha = 1;
    }
    pen.setLineDash([4, 3]);
    pen.lineWidth = 1.4;
    pen.beginPath();
    pen.moveTo(CURVE.left, this.y(curve.threshold));
    pen.lineTo(this.canvas.clientWidth - CURVE.right, this.y(curve.threshold));
    pen.stroke();
    pen.setLineDash([]);
    this.times(pen);
  }

  times(pen) {
    const length = this.to - this.from;
    const most = Math.max(1, Math.floor((this.canvas.clientWidth - CURVE.left) / TICKS_PX));
    const step = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600].find((one) => length / one <= most) ?? 1200;
    pen.textAlign = "center";
    pen.textBaseline = "alphabetic";
    const edge = this.canvas.clientWidth - 16;
    for (let t = Math.ceil(this.from / step) * step; t <= this.to; t += step) {
      const words = step < 1 ? clock(t) : clock(t).slice(0, -2);
      pen.fillText(words, Math.min(this.x(t), edge), CURVE.height - 4);
    }
  }

  unseen(pen, quiet) {
    const { t, values } = this.data.curve;
    pen.save();
    pen.beginPath();
    values.forEach((row, at) => {
      if (row.some(Boolean)) return;
      const left = this.x(at ? (t[at - 1] + t[at]) / 2 : t[0]);
      const right = this.x(at < t.length - 1 ? (t[at] + t[at + 1]) / 2 : t[at]);
      pen.rect(left, this.y(1), Math.max(1, right - left), this.y(0) - this.y(1));
    });
    pen.clip();
    pen.globalAlpha = 0.35;
    pen.strokeStyle = quiet;
    pen.lineWidth = 1;
    pen.beginPath();
    for (let x = -CURVE.height; x < this.canvas.clientWidth; x += 7) {
      pen.moveTo(x, CURVE.height);
      pen.lineTo(x + CURVE.height, 0);
    }
    pen.stroke();
    pen.restore();
  }

  lines(pen, ink) {
    const { colours } = this.data;
    this.kinds.forEach(({ label, column }, row) => {
      pen.setLineDash(DASHES[row % DASHES.length]);
      pen.strokeStyle = colours[label] ?? colours.normal;
      pen.lineWidth = 1.6;
      this.line(pen, (values) => values[column] / 1000);
    });
    pen.setLineDash([]);
    pen.strokeStyle = ink;
    pen.lineWidth = 2.6;
    this.line(pen, (values) => 1 - values[this.normal] / 1000);
  }

  line(pen, value) {
    const { t, values } = this.data.curve;
    pen.lineJoin = "round";
    pen.beginPath();
    let on = false;
    values.forEach((row, at) => {
      if (!row.some(Boolean)) {
        on = false;
        return;
      }
      const [x, y] = [this.x(t[at]), this.y(value(row))];
      if (on) pen.lineTo(x, y);
      else pen.moveTo(x, y);
      on = true;
    });
    pen.stroke();
  }

  playhead(pen, accent) {
    if (this.now === null || this.now < this.from || this.now > this.to) return;
    const x = this.x(this.now);
    pen.fillStyle = accent;
    pen.fillRect(x - 1, this.y(1) - 4, 2, this.y(0) - this.y(1) + 4);
    pen.beginPath();
    pen.arc(x, this.y(1) - 3, 4, 0, 2 * Math.PI);
    pen.fill();
  }
}
