// What is drawn over the picture, fetched a stretch of time at a time: the one around the frame on screen and the next.

const SLICE_S = 20;
const KEPT = 8; // slices; the one used longest ago goes first
const AGAIN_MS = 3000; // after a failure

class Slices {
  constructor({ onArrival, onFailure }) {
    this.onArrival = onArrival;
    this.onFailure = onFailure;
    this.url = "";
    this.revision = "";
    this.landmarks = false;
    this.kept = new Map();
    this.asked = new Map();
    this.failed = new Map();
  }

  // Forgets everything when the run is another one, or somebody said who is who in it.
  configure(url, duration, revision) {
    if (url !== this.url || revision !== this.revision) this.close();
    this.url = url;
    this.revision = revision;
    this.last = Math.floor(duration / SLICE_S);
  }

  // The slice around t, or null while it is on its way.
  at(t) {
    if (!this.url) return null;
    const number = Math.max(0, Math.floor(t / SLICE_S));
    this.want(number);
    if (this.kept.has(number) && number < this.last) this.want(number + 1);
    for (const [other, request] of this.asked) {
      if (other < number || other > number + 1) request.abort();
    }
    return this.kept.get(number) ?? null;
  }

  want(number) {
    const kept = this.kept.get(number);
    if (kept) {
      this.kept.delete(number); // to the end: used last
      this.kept.set(number, kept);
      if (kept.landmarks || !this.landmarks) return;
    }
    if (this.asked.has(number) || performance.now() < (this.failed.get(number) ?? 0)) return;
    this.fetch(number);
  }

  async fetch(number) {
    const request = new AbortController();
    const landmarks = this.landmarks;
    this.asked.set(number, request);
    const query = `from=${number * SLICE_S}&to=${(number + 1) * SLICE_S}&landmarks=${landmarks ? 1 : 0}&revision=${this.revision}`;
    try {
      const answer = await fetch(`${this.url}?${query}`, { signal: request.signal });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      this.keep(number, { ...unpack(await answer.json()), landmarks });
      this.failed.delete(number);
    } catch (error) {
      if (request.signal.aborted) return;
      this.failed.set(number, performance.now() + AGAIN_MS);
      this.onFailure(error);
      setTimeout(this.onArrival, AGAIN_MS + 50); // whoever still stands there asks again
      return;
    } finally {
      if (this.asked.get(number) === request) this.asked.delete(number);
    }
    this.onArrival();
  }

  keep(number, slice) {
    this.kept.delete(number);
    this.kept.set(number, slice);
    while (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
  }

  close() {
    for (const request of this.asked.values()) request.abort();
    this.asked.clear();
    this.kept.clear();
    this.failed.clear();
  }
}

function unpack(told) {
  const segments = told.people.map(() => []);
  for (const [person, channel, label, start, end, score] of told.segments) {
    segments[person].push({ channel, label, start, end, score });
  }
  const tracks = told.tracks.map((track) => {
    const interpolated = new Uint8Array(track.t.length);
    for (const row of track.interpolated) interpolated[row] = 1;
    return { ...track, box: Float32Array.from(track.box), interpolated, landmarks: summed(track.landmarks) };
  });
  return { people: told.people, segments, tracks };
}

// Rows of 33 x (x, y in half pixels, visibility in percent), each told as its difference from the row before.
const ROW = 99;

function summed(changes) {
  if (!changes) return null;
  const rows = Int16Array.from(changes);
  for (let i = ROW; i < rows.length; i++) rows[i] += rows[i - ROW];
  return rows;
}

// Times are told in whole milliseconds; the browser's are in microseconds.
const EXACT_S = 0.0015;

// Where a tracklet stands at t: a stored box where there is one for this very frame, else between the two around it.
function placed(track, t) {
  const times = track.t;
  let low = 0;
  let high = times.length; // the first row later than t
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= t + EXACT_S) low = middle + 1;
    else high = middle;
  }
  const row = low - 1;
  if (row < 0) return null;
  const exact = t - times[row] <= EXACT_S;
  if (!exact && row === times.length - 1) return null;
  const next = exact ? row : row + 1;
  const share = exact ? 0 : (t - times[row]) / (times[next] - times[row]);
  const box = [0, 1, 2, 3].map((side) => between(track.box[4 * row + side], track.box[4 * next + side], share));
  const interpolated = Boolean(track.interpolated[row] || track.interpolated[next]);
  return { box, interpolated, score: track.score[row] / 100, points: bodyPoints(track.landmarks, row, next, share) };
}

function bodyPoints(landmarks, row, next, share) {
  if (!landmarks) return null;
  const points = [];
  for (let i = 0; i < ROW; i += 3) {
    const from = ROW * row + i;
    const to = ROW * next + i;
    points.push({
      x: between(landmarks[from], landmarks[to], share) / 2,
      y: between(landmarks[from + 1], landmarks[to + 1], share) / 2,
      seen: Math.min(landmarks[from + 2], landmarks[to + 2]) / 100,
    });
  }
  return points;
}

function between(from, to, share) {
  return share === 0 ? from : from + (to - from) * share;
}

// Everybody in view at t: {person (row in slice.people), tracklet, box, interpolated, score, points}.
function everybody(slice, t) {
  const found = [];
  for (const track of slice.tracks) {
    const place = placed(track, t);
    if (place) found.push({ person: track.person, tracklet: track.tracklet, ...place });
  }
  return found;
}

// What a person does and how they look at t, in the order of the channels; what could not be seen is left out.
const CHANNELS = ["posture", "gesture", "emotion"];

function labelsAt(segments, t) {
  const now = segments.filter((one) => one.start <= t + EXACT_S && t < one.end && one.label !== "unknown");
  now.sort((a, b) => CHANNELS.indexOf(a.channel) - CHANNELS.indexOf(b.channel));
  return now.map((one) => one.label);
}
