// Rows of persons out of the document that GET /sightline/timeline/{run} answers with (engine/timeline.py says how it
// is laid out), and which of them a filter leaves. Times are seconds from here on.

const PRESENCE = "presence";

function decode(document, duration) {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const [label, score, coverage, source] = ["label", "score", "coverage", "source"].map((name) => bytes(document[name]));
  const total = document.gaps.length;
  const start = new Float64Array(total);
  const end = new Float64Array(total);
  let row = 0;
  let longest = duration;
  const people = document.people.map((person, index) => {
    const lanes = [presenceLane(person)];
    document.channels.forEach((channel, place) => {
      const count = document.counts[index * document.channels.length + place];
      let before = 0;
      for (let at = row; at < row + count; at += 1) {
        const from = before + document.gaps[at];
        before = from + document.lengths[at];
        start[at] = from / 100;
        end[at] = before / 100;
      }
      if (count) {
        const cut = (column) => column.subarray(row, row + count);
        const columns = { start: cut(start), end: cut(end), label: cut(label), score: cut(score), coverage: cut(coverage) };
        lanes.push(laneOf(channel, columns, source.length ? cut(source) : null));
      }
      row += count;
    });
    const last = Math.max(...lanes.map((lane) => lane.end.reduce((most, one) => Math.max(most, one), 0)));
    longest = Math.max(longest, last);
    const seen = person.presence.reduce((sum, [, length]) => sum + length / 100, 0);
    return { ...person, index, lanes, first: lanes[0].start[0] ?? 0, last, seen };
  });
  const channels = document.channels.filter((channel) => people.some((one) => one.lanes.some((lane) => lane.channel === channel)));
  return { ...document, people, channels, duration: Math.max(longest, 0.1) };
}

function presenceLane(person) {
  const spans = [...person.presence].sort((one, other) => one[0] - other[0]);
  const columns = {
    start: Float64Array.from(spans, ([start]) => start / 100),
    end: Float64Array.from(spans, ([start, length]) => (start + length) / 100),
    label: null,
    score: null,
    coverage: null,
  };
  return laneOf(PRESENCE, columns, null);
}

function laneOf(channel, columns, source) {
  const lane = { channel, ...columns, source, longest: 0, tracks: 1, track: null };
  const free = [];
  const track = new Uint8Array(columns.start.length);
  for (let at = 0; at < track.length; at += 1) {
    lane.longest = Math.max(lane.longest, columns.end[at] - columns.start[at]);
    let place = free.findIndex((end) => end <= columns.start[at] + 0.0001);
    if (place < 0) place = Math.min(free.length, 2); // three at once share the last of the lane's tracks
    free[place] = Math.max(free[place] ?? 0, columns.end[at]);
    track[at] = place;
  }
  lane.tracks = channel === PRESENCE ? 1 : Math.max(free.length, 1);
  lane.track = channel === PRESENCE ? new Uint8Array(track.length) : track;
  return lane;
}

// The first segment that may reach past t; from there on one walks until a start lies past the other end.
function firstAt(lane, t) {
  let low = 0;
  let high = lane.start.length;
  const wanted = t - lane.longest;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lane.start[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

// The segment at t; else, within `reach` seconds, the nearest; else -1.
function segmentAt(lane, t, reach, track = -1) {
  let best = -1;
  let least = reach;
  for (let at = firstAt(lane, t - reach); at < lane.start.length && lane.start[at] <= t + reach; at += 1) {
    if (track >= 0 && lane.track[at] !== track) continue;
    const away = Math.max(lane.start[at] - t, t - lane.end[at], 0);
    if (away < least || (away === 0 && least === 0)) {
      best = at;
      least = away;
    }
  }
  return best;
}

// Whether a segment is what the filter asks for; what is not is drawn faintly.
function passes(model, filter, lane, at) {
  if (lane.channel === PRESENCE) return filter.labels.size === 0 && filter.score === 0;
  if (filter.labels.size && !filter.labels.has(model.labels[lane.label[at]])) return false;
  return lane.score[at] >= filter.score;
}

function sifts(filter) {
  return filter.labels.size > 0 || filter.score > 0;
}

// The persons a filter leaves, in order.
function sift(model, filter, view, sort) {
  const wanted = filter.search.trim().toLowerCase();
  const kept = model.people.filter((person) => {
    if (wanted && !`${person.label} ${person.name}`.toLowerCase().includes(wanted)) return false;
    if (!sifts(filter)) return !filter.window || touches(person.lanes[0], view, () => true);
    const found = (lane) => touches(lane, filter.window ? view : null, (at) => passes(model, filter, lane, at));
    return person.lanes.some(found);
  });
  const order = {
    first: (one, other) => one.first - other.first || one.index - other.index,
    time: (one, other) => other.seen - one.seen || one.index - other.index,
    name: (one, other) => titleOf(one).localeCompare(titleOf(other), undefined, { numeric: true }) || one.index - other.index,
  }[sort];
  return kept.sort(order);
}

function touches(lane, view, wanted) {
  for (let at = view ? firstAt(lane, view.from) : 0; at < lane.start.length; at += 1) {
    if (view && lane.start[at] > view.to) return false;
    if ((!view || lane.end[at] >= view.from) && wanted(at)) return true;
  }
  return false;
}

function titleOf(person) {
  return person.name || person.label;
}

// The picture that shows a person nearest to a time.
function cropAt(person, t) {
  let best = null;
  for (const [at, file] of person.crops) {
    if (best === null || Math.abs(at / 100 - t) < Math.abs(best[0] / 100 - t)) best = [at, file];
  }
  return best ? best[1] : null;
}

function clock(seconds, tenthsToo = true) {
  const tenths = tenthsToo ? Math.round(Math.max(0, seconds) * 10) : Math.round(Math.max(0, seconds)) * 10;
  const tail = String(Math.floor(tenths / 10) % 60).padStart(2, "0") + (tenthsToo ? `.${tenths % 10}` : "");
  const minutes = Math.floor(tenths / 600);
  if (minutes < 60) return `${minutes}:${tail}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${tail}`;
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

function made(kind, name, text) {
  const element = document.createElement(kind);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}
