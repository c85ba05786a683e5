// The player: a recording and, under it, when each person is in view.
//
// It listens on `window` for "sightline:seek" {footage, t, play} and tells "sightline:time" {footage, t}, so that other
// elements of the page reach it without a round trip to the server.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1000; // of a lane, in its own units
const THINNEST = 2; // so that a glimpse in a long recording is still seen
// Browsers keep media time in whole microseconds and may round down, which would show the frame before.
const NUDGE = 0.0005;

export default function ({ data, parentElement }) {
  const player = (parentElement.sightline ??= build(parentElement));
  player.update(data);
  window.addEventListener("sightline:seek", player.onSeek);
  return () => window.removeEventListener("sightline:seek", player.onSeek);
}

function build(parent) {
  const root = parent.appendChild(document.createElement("div")); // beside the style sheet that is already there
  root.innerHTML = `
    <div class="player">
      <div class="stage">
        <video controls playsinline preload="auto"></video>
        <p class="problem" role="alert" hidden></p>
      </div>
      <section class="timeline">
        <div class="lanes">
          <div class="ruler" aria-hidden="true"></div>
          <div class="playhead" aria-hidden="true"></div>
        </div>
      </section>
    </div>`;
  const video = root.querySelector("video");
  const problem = root.querySelector(".problem");
  const timeline = root.querySelector(".timeline");
  const lanes = root.querySelector(".lanes");
  const ruler = root.querySelector(".ruler");
  let current = {};
  let asked = null;
  let drawn = "";

  function seek(t, play) {
    asked = t;
    video.currentTime = Math.max(0, t) + NUDGE;
    if (play) video.play().catch(() => {}); // refused without a click, e.g. on a shared link: it then stands there
  }

  function showTime() {
    const length = video.duration || current.duration || 1;
    timeline.style.setProperty("--at", Math.min(1, video.currentTime / length));
    if (!video.paused && !video.ended) requestAnimationFrame(showTime);
  }

  function tellTime() {
    const detail = { footage: current.footage, t: video.currentTime };
    window.dispatchEvent(new CustomEvent("sightline:time", { detail }));
    showTime();
  }

  for (const event of ["timeupdate", "seeked", "loadedmetadata"]) video.addEventListener(event, tellTime);
  video.addEventListener("play", showTime);
  video.addEventListener("error", async () => {
    const answer = await fetch(video.currentSrc || current.src, { method: "HEAD" }).catch(() => null);
    problem.textContent = answer && answer.status === 404 ? current.text.missing : current.text.unplayable;
    problem.hidden = false;
  });
  lanes.addEventListener("click", (event) => {
    const track = event.target.closest(".track");
    if (!track) return;
    const box = track.getBoundingClientRect();
    seek(((event.clientX - box.left) / box.width) * (video.duration || current.duration), !video.paused);
  });

  return {
    onSeek: ({ detail }) => {
      if (detail.footage === current.footage) seek(detail.t, detail.play);
    },
    update(data) {
      current = data;
      const source = new URL(data.src, document.baseURI).href;
      if (video.dataset.source !== source) {
        video.dataset.source = source;
        problem.hidden = true;
        video.poster = data.poster;
        video.src = source;
        video.style.aspectRatio = `${data.width} / ${data.height}`;
        video.setAttribute("aria-label", data.name);
      }
      // A time that this player was asked for already comes back with the page's answer: it has moved on since.
      if (data.t !== null && data.t !== undefined && (asked === null || Math.abs(data.t - asked) > 0.002)) seek(data.t, false);
      const wanted = JSON.stringify([data.lanes, data.gaps, data.duration, data.text]);
      if (wanted !== drawn) {
        drawn = wanted;
        draw(data, timeline, lanes, ruler, seek);
      }
      showTime();
    },
  };
}

function draw(data, timeline, lanes, ruler, seek) {
  timeline.hidden = data.lanes.length === 0 && data.gaps.length === 0;
  timeline.setAttribute("aria-label", data.text.timeline);
  lanes.querySelectorAll(".lane").forEach((lane) => lane.remove());
  for (const lane of data.lanes) lanes.append(drawLane(lane, data, seek));
  if (data.lanes.length === 0) lanes.append(drawLane({ label: "", spans: [] }, data, seek));
  ruler.replaceChildren(
    ...ticks(data.duration).map((t) => {
      const tick = document.createElement("span");
      tick.style.setProperty("--t", t / data.duration);
      tick.textContent = clock(t);
      return tick;
    }),
  );
}

function drawLane(lane, data, seek) {
  const row = document.createElement("div");
  row.className = "lane";
  const label = document.createElement("button");
  label.type = "button";
  label.textContent = lane.label;
  label.disabled = lane.spans.length === 0;
  label.addEventListener("click", () => seek(lane.spans[0][0], true));
  const track = document.createElement("div");
  track.className = "track";
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", `0 0 ${WIDTH} 10`);
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", lane.spans.map(([start, end]) => `${clock(start)} – ${clock(end)}`).join(", "));
  picture.append(stroke("gap", data.gaps, data.duration, data.text.gap), stroke("seen", lane.spans, data.duration, ""));
  track.append(picture);
  row.append(label, track);
  return row;
}

function stroke(kind, spans, duration, title) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", kind);
  const scale = WIDTH / Math.max(duration, 0.001);
  const piece = ([start, end]) => `M${(start * scale).toFixed(2)} 5h${Math.max((end - start) * scale, THINNEST).toFixed(2)}`;
  path.setAttribute("d", spans.map(piece).join(""));
  if (title) path.append(Object.assign(document.createElementNS(SVG, "title"), { textContent: title }));
  return path;
}

function ticks(duration) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];
  const step = steps.find((one) => duration / one <= 7) ?? duration;
  const found = [];
  for (let t = 0; t < 0.97 * duration; t += step) found.push(t); // a label at the very end would stick out
  return found;
}

function clock(seconds) {
  const whole = Math.floor(seconds + 0.05);
  const tail = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${tail}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${tail}`;
}
