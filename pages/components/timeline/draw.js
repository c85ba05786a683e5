// Painting: ruler, rows and overview. Nothing here keeps state; everything comes from the board (main.js).

const ROW_PAD = 5; // pixels above and below a person's lanes
const PRESENCE_HIGH = 8;
const LANE_HIGH = 14;
const LANE_GAP = 3;
const FAINT = 0.14;
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200];

function laneHeight(lane) {
  if (lane.channel === PRESENCE) return PRESENCE_HIGH;
  if (lane.channel === "emotion") return LANE_HIGH + 2; // its bars are lower where less was seen
  return lane.tracks > 1 ? LANE_HIGH + 4 : LANE_HIGH;
}

function rowHeight(person, folded) {
  const lanes = folded ? person.lanes.slice(0, 1) : person.lanes;
  const high = lanes.reduce((sum, lane) => sum + laneHeight(lane) + LANE_GAP, -LANE_GAP);
  return Math.max(high + 2 * ROW_PAD, 22);
}

// Where each lane of a row lies, from the row's top.
function laneTops(person, folded) {
  if (folded || person.lanes.length === 1) return [(rowHeight(person, true) - PRESENCE_HIGH) / 2];
  let top = ROW_PAD;
  return person.lanes.map((lane) => {
    const at = top;
    top += laneHeight(lane) + LANE_GAP;
    return at;
  });
}

function sharpen(canvas, width, height) {
  const density = window.devicePixelRatio || 1;
  const [across, down] = [Math.max(1, Math.round(width * density)), Math.max(1, Math.round(height * density))];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(density, 0, 0, density, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

function ticksOf(view, width) {
  const span = view.to - view.from;
  const step = STEPS.find((one) => (one / span) * width >= 72) ?? Math.ceil(span / 86400) * 86400;
  const ticks = [];
  for (let t = Math.ceil(view.from / step - 1e-9) * step; t <= view.to + 1e-9; t += step) ticks.push(t);
  return { ticks, step };
}

function paintRuler(board) {
  const { view, width, theme, gaps } = board;
  const pen = sharpen(board.parts.ruler, width, 22);
  const x = scale(view, width);
  paintGaps(pen, gaps, x, width, 22, theme);
  pen.font = `11px ${theme.font}`;
  pen.textBaseline = "middle";
  pen.fillStyle = theme.quiet;
  const { ticks, step } = ticksOf(view, width);
  for (const t of ticks) {
    const at = x(t);
    pen.fillRect(Math.round(at), 15, 1, 7);
    const word = clock(t, step < 1);
    const wide = pen.measureText(word).width;
    if (at + 4 + wide <= width) pen.fillText(word, at + 4, 10);
  }
  return ticks;
}

function paintRows(board, ticks) {
  const { view, width, height, theme, rows, scroll } = board;
  const pen = sharpen(board.parts.canvas, width, height);
  const x = scale(view, width);
  pen.fillStyle = theme.line;
  pen.globalAlpha = 0.55;
  for (const t of ticks) pen.fillRect(Math.round(x(t)), 0, 1, height);
  pen.globalAlpha = 1;
  const visible = visibleRows(rows, scroll, height);
  for (const row of visible) paintRow(pen, board, row, row.top - scroll, x);
  paintGaps(pen, board.gaps, x, width, height, theme);
  return visible;
}

function visibleRows(rows, scroll, height) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].top + rows[middle].height <= scroll) low = middle + 1;
    else high = middle;
  }
  const found = [];
  for (let at = low; at < rows.length && rows[at].top < scroll + height; at += 1) found.push(rows[at]);
  return found;
}

function paintRow(pen, board, row, top, x) {
  const { theme, width } = board;
  const { person } = row;
  const alone = board.only && board.only !== person.label;
  pen.fillStyle = theme.line;
  pen.fillRect(0, top + row.height - 1, width, 1);
  if (board.chosen === person.label) {
    pen.globalAlpha = 0.12;
    pen.fillStyle = theme.accent;
    pen.fillRect(0, top, width, row.height - 1);
  }
  pen.globalAlpha = 1;
  const base = alone ? 0.22 : 1;
  person.lanes.forEach((lane, place) => {
    if (row.tops[place] === undefined) return;
    const at = top + row.tops[place];
    if (lane.channel === PRESENCE) paintPresence(pen, board, person, at, x, base);
    else paintLane(pen, board, lane, at, x, base);
    const { focus } = board;
    if (focus && focus.person === person && focus.lane === lane) ring(pen, board, lane, focus.at, at, x);
  });
  pen.globalAlpha = 1;
}

function paintPresence(pen, board, person, top, x, base) {
  const { theme } = board;
  const lane = person.lanes[0];
  const faint = sifts(board.filter) ? 0.5 : 1;
  const middle = Math.round(top + PRESENCE_HIGH / 2) + 0.5;
  pen.strokeStyle = theme.quiet;
  pen.lineWidth = 1;
  pen.setLineDash([2, 4]);
  pen.fillStyle = board.palette.persons[person.index % board.palette.persons.length];
  let gone = x(person.first);
  for (let at = 0; at < lane.start.length && gone < board.width; at += 1) {
    const left = x(lane.start[at]);
    const right = Math.max(x(lane.end[at]), left + 1.5);
    if (left - gone > 4 && left > 0) {
      // Away between two appearances: a thin dashed line, as a gap.
      pen.globalAlpha = 0.7 * base;
      pen.beginPath();
      pen.moveTo(Math.max(gone + 2, 0), middle);
      pen.lineTo(Math.min(left - 2, board.width), middle);
      pen.stroke();
    }
    if (right >= 0) {
      pen.globalAlpha = base * faint;
      pen.fillRect(left, top, right - left, PRESENCE_HIGH);
    }
    gone = Math.max(gone, right);
  }
  pen.setLineDash([]);
}

// Wide segments are drawn one by one with their pattern; narrow ones are merged, a column of pixels taking the colour
// of the label that fills most of it.
function paintLane(pen, board, lane, top, x, base) {
  const { view, model, width } = board;
  const high = laneHeight(lane);
  const track = lane.tracks > 1 ? (high - lane.tracks + 1) / lane.tracks : high;
  const weights = new Map();
  let column = -1;
  const flush = () => {
    if (column < 0) return;
    let best = -1;
    let most = 0;
    for (const [key, weight] of weights) if (weight > most) [best, most] = [key, weight];
    if (best >= 0) {
      const look = board.look(model.labels[best >> 1]);
      pen.globalAlpha = base * (best & 1 ? 1 : FAINT) * (look.kind === "quiet" ? 0.35 : 1);
      pen.fillStyle = look.color;
      pen.fillRect(column, top, 1, high);
    }
    weights.clear();
    column = -1;
  };
  for (let at = firstAt(lane, view.from); at < lane.start.length && lane.start[at] <= view.to; at += 1) {
    if (lane.end[at] < view.from) continue;
    const left = x(lane.start[at]);
    const right = x(lane.end[at]);
    const kept = passes(model, board.filter, lane, at);
    if (right - left < 2) {
      const place = Math.min(Math.max(Math.floor((left + right) / 2), 0), width - 1);
      if (place !== column) flush();
      column = place;
      const key = (lane.label[at] << 1) | (kept ? 1 : 0);
      weights.set(key, (weights.get(key) ?? 0) + right - left);
      continue;
    }
    flush();
    const box = { left, right, top: top + lane.track[at] * (track + 1), high: track };
    paintSegment(pen, board, lane, at, box, base * (kept ? 1 : FAINT));
  }
  flush();
}

function paintSegment(pen, board, lane, at, box, alpha) {
  const look = board.look(board.model.labels[lane.label[at]]);
  const left = Math.max(box.left, -TILE);
  const wide = Math.min(box.right, board.width + TILE) - left - (box.right - box.left > 5 ? 1 : 0);
  let { top, high } = box;
  if (lane.channel === "emotion" && look.kind !== "quiet") {
    // How much of the stretch had a usable face: the bar stands as high, before a faint one of full height.
    pen.globalAlpha = alpha * 0.28;
    pen.fillStyle = look.color;
    pen.fillRect(left, top, wide, high);
    const full = high;
    high = Math.max(3, high * (0.25 + (0.75 * lane.coverage[at]) / 100));
    top += full - high;
  }
  pen.globalAlpha = alpha;
  if (wide < 4) {
    pen.globalAlpha *= look.kind === "quiet" ? 0.35 : 1;
    pen.fillStyle = look.color;
    pen.fillRect(left, top, wide, high);
    return;
  }
  pen.save();
  pen.translate(box.left > -TILE ? box.left : left, box.top);
  pen.fillStyle = patternOf(look, pen, window.devicePixelRatio || 1);
  pen.fillRect(0, top - box.top, wide, high);
  pen.restore();
  if (wide >= 34 && high >= 10 && alpha > 0.5) inscribe(pen, board, lane, at, { left, top, wide, high }, look);
}

function inscribe(pen, board, lane, at, box, look) {
  const word = board.text.labels[board.model.labels[lane.label[at]]] ?? board.model.labels[lane.label[at]];
  pen.font = `600 10px ${board.theme.font}`;
  pen.textBaseline = "middle";
  const need = board.measure(pen, word);
  const from = Math.max(box.left, 0);
  const space = Math.min(box.left + box.wide, board.width) - from;
  if (space < need + 10) return;
  if (look.kind === "quiet") {
    pen.fillStyle = board.theme.ground;
    pen.fillRect(from + 3, box.top, need + 6, box.high);
    pen.fillStyle = board.theme.quiet;
  } else {
    pen.fillStyle = look.color;
    pen.fillRect(from + 2, box.top, need + 6, box.high);
    pen.fillStyle = "#fff";
  }
  pen.fillText(word, from + 5, box.top + box.high / 2 + 0.5);
}

function ring(pen, board, lane, at, top, x) {
  const left = Math.max(x(lane.start[at]), -4);
  const right = Math.min(Math.max(x(lane.end[at]), left + 3), board.width + 4);
  pen.globalAlpha = 1;
  pen.lineWidth = 2;
  pen.strokeStyle = board.theme.ink;
  pen.strokeRect(left - 1, top - 2, right - left + 2, laneHeight(lane) + 4);
}

function paintGaps(pen, gaps, x, width, height, theme) {
  if (!gaps.length) return;
  pen.globalAlpha = 1;
  for (const [start, end] of gaps) {
    const left = Math.max(x(start), -4);
    const wide = Math.max(Math.min(x(end), width + 4) - left, 2);
    if (left > width || left + wide < 0) continue;
    pen.save();
    pen.beginPath();
    pen.rect(left, 0, wide, height);
    pen.clip();
    pen.globalAlpha = 0.14;
    pen.fillStyle = theme.warn;
    pen.fillRect(left, 0, wide, height);
    pen.globalAlpha = 0.5;
    pen.strokeStyle = theme.warn;
    pen.lineWidth = 1;
    pen.beginPath();
    for (let at = left - height; at < left + wide; at += 7) {
      pen.moveTo(at, height);
      pen.lineTo(at + height, 0);
    }
    pen.stroke();
    pen.restore();
  }
}

// How many people are in view along the whole footage, and which part of it the rows show.
function paintOverview(board) {
  const { model, view, width, theme } = board;
  const high = 26;
  const pen = sharpen(board.parts.overview, width, high);
  const columns = board.density;
  const most = columns.reduce((top, one) => Math.max(top, one), 1);
  pen.fillStyle = theme.accent;
  pen.globalAlpha = 0.55;
  columns.forEach((count, at) => {
    if (count) pen.fillRect(at, high - 2 - (count / most) * (high - 6), 1, (count / most) * (high - 6));
  });
  pen.globalAlpha = 1;
  const x = scale({ from: 0, to: model.duration }, width);
  paintGaps(pen, board.gaps, x, width, high, theme);
  const [left, right] = [x(view.from), x(view.to)];
  pen.fillStyle = theme.ground;
  pen.globalAlpha = 0.62;
  pen.fillRect(0, 0, left, high);
  pen.fillRect(right, 0, width - right, high);
  pen.globalAlpha = 1;
  pen.strokeStyle = theme.quiet;
  pen.lineWidth = 1;
  pen.strokeRect(left + 0.5, 0.5, Math.max(right - left - 1, 2), high - 1);
}

function densityOf(model, width) {
  const columns = new Float64Array(Math.max(1, Math.round(width)) + 1);
  for (const person of model.people) {
    const lane = person.lanes[0];
    for (let at = 0; at < lane.start.length; at += 1) {
      const from = Math.floor((lane.start[at] / model.duration) * (columns.length - 1));
      const to = Math.max(from + 1, Math.ceil((lane.end[at] / model.duration) * (columns.length - 1)));
      columns[Math.min(from, columns.length - 1)] += 1;
      columns[Math.min(to, columns.length - 1)] -= 1;
    }
  }
  for (let at = 1; at < columns.length; at += 1) columns[at] += columns[at - 1];
  return columns.subarray(0, columns.length - 1);
}

function scale(view, width) {
  const each = width / (view.to - view.from);
  return (t) => (t - view.from) * each;
}
