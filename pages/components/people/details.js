// One person in detail: every appearance, every figure, time per action and emotion, and what lies behind each.

const FIRST_TIMES = 12; // shown at once; the rest on demand
const SHOWN_WHY = 8;

function details(person, index, board) {
  const { text, detail, run } = board.data;
  const box = element("section", "details");
  box.style.setProperty("--hue", board.colour(index));
  box.setAttribute("aria-label", titled(person));
  const head = element("header", "");
  const name = element("h3", "title", titled(person));
  const only = button("chip", text.only, "");
  only.setAttribute("aria-pressed", String(board.only === person.label));
  only.addEventListener("click", () => board.showOnly(board.only === person.label ? "" : person.label));
  const close = button("close", "×", text.close);
  close.title = text.close;
  close.addEventListener("click", () => board.choose("", null, false));
  head.append(element("span", "swatch"), name);
  if (person.name) head.append(element("span", "code", person.label));
  head.append(renamer(person, board, () => name), element("span", "space"), only, close);
  box.append(head, figures(person, board, true), appearances(person, board));
  if (board.editing) box.append(editTools(person, board));
  const known = detail && detail.person === person.label ? detail : null;
  if (!known) box.append(element("p", "quiet", text.loading));
  else if (!known.channels.length) box.append(element("p", "quiet", text.nolabels));
  else box.append(...known.channels.map((channel) => table(channel, person, known, board)));
  if (known) {
    const by = element("p", "quiet by", fill(text.by, { model: known.model, run }));
    by.title = text["model.help"];
    box.append(by);
  }
  box.append(historyOf(person, board));
  return box;
}

function appearances(person, board) {
  const { text } = board.data;
  const times = element("div", "times");
  times.setAttribute("role", "group");
  times.setAttribute("aria-label", text.appearances);
  const chip = ([start, end], place) => {
    const made = button("time", `${clock(start)} – ${clock(end)}`, fill(text.play, { person: titled(person), time: clock(start) }));
    made.dataset.t = start;
    made.addEventListener("click", () => board.pick(person, start, true));
    if (!board.editing || person.spans.length < 2) return made;
    const pair = element("span", "ticked");
    pair.append(tick(person, person.tracklets[place], board), made);
    return pair;
  };
  times.append(...person.spans.slice(0, FIRST_TIMES).map(chip));
  const rest = person.spans.slice(FIRST_TIMES);
  if (rest.length) {
    const more = button("more", fill(text.more, { count: rest.length }), "");
    more.addEventListener("click", () => {
      const added = rest.map((span, place) => chip(span, place + FIRST_TIMES));
      more.replaceWith(...added);
      (added[0].querySelector("button") ?? added[0]).focus();
    });
    times.append(more);
  }
  return times;
}

// Time per label as rows with bars; a row opens what lies behind it.
function table(channel, person, detail, board) {
  const { text, labels, channels, palette } = board.data;
  const box = element("div", "channel");
  box.dataset.channel = channel.channel;
  const head = element("div", "channelhead");
  head.append(element("h4", "", channels[channel.channel]));
  if (channel.channel === "emotion" && detail.coverage !== null) {
    const facts = element("dl", "facts coverage");
    const entry = element("div", "");
    entry.append(explained(text.coverage, text["coverage.help"]), element("dd", "", percent(detail.coverage, 1)));
    facts.append(entry);
    head.append(facts);
  }
  if (channel.model) {
    const by = element("span", "quiet told", fill(text.told, { model: channel.model }));
    by.title = by.textContent;
    head.append(by);
  }
  const rows = element("table", "");
  const body = element("tbody", "");
  for (const row of channel.rows) {
    const line = element("tr", row.label === "unknown" ? "unknown" : "");
    const word = labels[row.label] ?? row.label;
    const open = button("open", word, fill(text.why, { label: word }));
    open.setAttribute("aria-expanded", "false");
    const bar = element("td", "bar");
    const fillBar = element("i", "");
    fillBar.style.width = percent(row.seconds, person.visible).replace(" ", "");
    fillBar.style.background = (palette.labels[row.label] ?? [palette.grey])[0];
    bar.append(fillBar);
    const first = element("th", "");
    first.scope = "row";
    first.append(open);
    line.append(first, bar, element("td", "number", span(row.seconds, text)), element("td", "number", percent(row.seconds, person.visible)));
    line.title = text["share.help"];
    const behind = element("tr", "behind");
    behind.hidden = true;
    open.addEventListener("click", () => {
      behind.hidden = !behind.hidden;
      open.setAttribute("aria-expanded", String(!behind.hidden));
      if (!behind.firstChild) {
        const cell = element("td", "");
        cell.colSpan = 4;
        cell.append(why(row, channel.channel, person, detail, board));
        behind.append(cell);
      }
    });
    body.append(line, behind);
  }
  rows.append(body);
  box.append(head, rows);
  return box;
}

// The stretches of a label, with the faces or the pose that they were judged by.
function why(row, channel, person, detail, board) {
  const { text } = board.data;
  const list = element("ul", "why");
  const entry = (segment) => {
    const [start, end, score, coverage, source] = segment;
    const item = element("li", "");
    const go = button("time", `${clock(start)} – ${clock(end)}`, fill(text.play, { person: titled(person), time: clock(start) }));
    go.addEventListener("click", () => board.pick(person, start, true));
    const figures = [fill(text["why.coverage"], { coverage: percent(coverage, 1) })];
    if (row.label !== "unknown") figures.unshift(fill(text["why.score"], { score: score.toFixed(2) }));
    if (source) figures.push(source);
    const words = element("span", "quiet", figures.join(" · "));
    words.title = text["why.score.help"];
    item.append(go, words, channel === "emotion" ? faces(segment, detail, person, board) : pose(segment, person, board));
    return item;
  };
  list.append(...row.segments.slice(0, SHOWN_WHY).map(entry));
  const rest = row.segments.slice(SHOWN_WHY);
  if (rest.length) {
    const more = button("more", fill(text.more, { count: row.count - SHOWN_WHY }), "");
    const item = element("li", "");
    item.append(more);
    more.addEventListener("click", () => item.replaceWith(...rest.map(entry)));
    list.append(item);
  }
  return list;
}

function faces([start, end], detail, person, board) {
  const box = element("span", "evidence");
  const seen = detail.faces.filter(([, t]) => start - 0.01 <= t && t <= end + 0.01);
  for (const [file, t] of seen.slice(0, 4)) {
    const made = picture([file, t, 64, 64], person, board, "square");
    made.setAttribute("aria-label", fill(board.data.text["why.face"], { time: clock(t) }));
    box.append(made);
  }
  return box;
}

// The pose in the middle of a stretch, drawn from the landmarks that were stored.
function pose([start, end], person, board) {
  const { text, overlay, revision } = board.data;
  const box = element("span", "evidence");
  const middle = (start + end) / 2;
  const canvas = element("canvas", "pose");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", text["why.skeleton"]);
  canvas.title = `${text["why.skeleton"]} (${clock(middle)})`;
  box.append(canvas);
  posed(`${overlay}?from=${Math.max(start, middle - 2)}&to=${Math.min(end, middle + 2)}&landmarks=1&revision=${revision}`, person.label, middle).then((one) => {
    if (one) drawPose(canvas, one, getComputedStyle(canvas).getPropertyValue("--hue"));
    else box.replaceChildren(element("span", "quiet", text["why.nopose"]));
  });
  return box;
}

// The stored row with a pose that is nearest to a time.
async function posed(url, label, middle) {
  const answer = await fetch(url).catch(() => null);
  if (!answer?.ok) return null;
  const slice = unpack(await answer.json());
  let best = null;
  for (const track of slice.tracks) {
    if (slice.people[track.person].label !== label || !track.landmarks) continue;
    for (let row = 0; row < track.t.length; row++) {
      const points = bodyPoints(track.landmarks, row, row, 0);
      const away = Math.abs(track.t[row] - middle);
      if (points.some((point) => point.seen > 0) && (!best || away < best.away)) {
        best = { away, points, box: Array.from(track.box.subarray(4 * row, 4 * row + 4)) };
      }
    }
  }
  return best;
}

function drawPose(canvas, one, colour) {
  const ratio = window.devicePixelRatio || 1;
  const [x1, y1, x2, y2] = one.box;
  const height = 72;
  const scale = height / Math.max(y2 - y1, 1);
  const width = Math.max(28, Math.min(110, (x2 - x1) * scale));
  Object.assign(canvas, { width: width * ratio, height: height * ratio });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  const left = (width - (x2 - x1) * scale) / 2;
  const painted = { points: one.points, colour: colour.trim() || "#0f766e" };
  skeleton(pen, painted, (x) => left + (x - x1) * scale, (y) => (y - y1) * scale);
}
