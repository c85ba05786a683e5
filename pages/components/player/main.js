// The player: a recording, and over it who is in view, in step with the frame on screen.
//
// It hears "sightline:seek" {footage, t, play}, "sightline:toggle" {footage}, "sightline:show" {footage, skeletons},
// "sightline:select" {footage, person} and "sightline:only" {footage, person} on `window`, and tells "sightline:time" {footage, t, playing} at every frame it shows, "sightline:select" and
// "sightline:only" when somebody clicks in it. Times are the footage's: seconds of PTS. The parts beside this file are
// put before it.

const JUMP_S = 5;
const REPORT_MS = 1000;
const STAND_MS = 500; // standing still for so long, the address follows
const UNTOLD_MS = 250; // a frame is told sooner than that
const WAYS = 50; // times gone to whose answer may still be on its way
const SAME_S = 0.002;

export default function ({ data, parentElement, setTriggerValue, setStateValue }) {
  const player = (parentElement.sightline ??= build(parentElement));
  player.tell = setTriggerValue;
  player.report = setStateValue;
  player.update(data);
  const listeners = Object.entries(player.hears);
  for (const [name, listener] of listeners) window.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of listeners) window.removeEventListener(name, listener);
    // Gone from the page, not drawn again: nothing may go on fetching or sounding.
    setTimeout(() => parentElement.isConnected || player.close(), 0);
  };
}

function build(parent) {
  const root = parent.appendChild(document.createElement("div")); // beside the style sheet that is already there
  root.innerHTML = MARKUP;
  const find = (selector) => root.querySelector(selector);
  const [frame, video, canvas, place] = [find(".player"), find("video"), find("canvas"), find(".place")];
  const shown = remembered();
  let data = null;
  let onScreen = null; // time of the frame on screen, null before the first
  let asked = null; // where the player was last sent, or told the page that it stands
  const ways = []; // and before that
  let fresh = false; // the frame on screen belongs to the last seek
  let standing = 0;
  let missed = 0;
  let handled = {}; // what came from Python and was taken in: chosen, only, seek
  let chosen = "";
  let only = "";
  let touchable = []; // people as they lie on the canvas
  let stepping = Promise.resolve();
  let reported = 0;
  let following = false; // the seek bar moves with the video
  const waiting = new Set();
  const watch = {
    shown: () => onScreen,
    next(callback) {
      waiting.add(callback);
      return () => waiting.delete(callback);
    },
  };
  const slices = new Slices({
    onArrival: () => {
      quiet("");
      draw();
    },
    onFailure: () => quiet(data.text.overlay),
  });

  // What is on screen

  function presented(t) {
    onScreen = t;
    fresh = true;
    for (const callback of [...waiting]) callback(t);
    draw();
    if (video.paused) {
      showPlace();
      standSoon();
    }
    say("sightline:time", { t, playing: !video.paused });
    skip();
    report();
  }

  function watchFrames() {
    if (!("requestVideoFrameCallback" in video)) return;
    video.requestVideoFrameCallback((_, frame) => {
      presented(frame.mediaTime);
      watchFrames();
    });
  }

  // Of a frame that came on screen while the one before it was still being told nothing is told: where the video stands
  // is then where it was sent, or within the frame that lies there.
  function untold() {
    clearTimeout(missed);
    missed = setTimeout(() => {
      if (!data || video.seeking || !video.paused) return;
      const far = onScreen === null || Math.abs(onScreen - video.currentTime) > 1.5 / (data.fps || 25);
      if (far) presented(Math.max(0, video.currentTime - NUDGE));
    }, UNTOLD_MS);
  }

  function withoutFrameTimes() {
    // Browsers that do not tell the time of a frame: where the video stands is the nearest there is.
    if ("requestVideoFrameCallback" in video) return;
    presented(video.currentTime);
    if (!video.paused && !video.ended) requestAnimationFrame(withoutFrameTimes);
  }

  function draw() {
    const slice = onScreen === null || !data ? null : slices.at(onScreen);
    const area = data && pictureArea(video, data, canvas.clientWidth, canvas.clientHeight);
    if (!area) return;
    const people = slice ? everybody(slice, onScreen).map((one) => dressed(one, slice)) : [];
    const visible = only ? people.filter((one) => one.label === only) : people;
    touchable = paint(canvas, area, data, visible, shown, only !== "" && slice !== null);
    canvas.drawn = { t: onScreen, ready: slice !== null, people: visible };
  }

  function dressed(one, slice) {
    const person = slice.people[one.person];
    const known = data.people[person.colour];
    const name = known ? known.name : person.name;
    const words = labelsAt(slice.segments[one.person], onScreen).map((label) => data.labels[label] ?? label);
    return {
      ...one,
      label: person.label,
      title: name ? `${name} · ${person.label}` : person.label,
      words: words.join(" · "),
      colour: colourOf(person.colour),
      chosen: person.label === chosen,
    };
  }

  function colourOf(index) {
    const colours = data.palette.persons;
    return colours[index % colours.length];
  }

  function showPlace() {
    const length = video.duration || data.duration || 1;
    const t = video.currentTime;
    if (root.getRootNode().activeElement !== place || !place.matches(":active")) place.value = t;
    place.style.setProperty("--at", Math.min(1, t / length));
    const words = clock(onScreen ?? t);
    find(".now").textContent = words;
    place.setAttribute("aria-valuetext", words);
  }

  function follow() {
    showPlace();
    following = !video.paused && !video.ended;
    if (following) requestAnimationFrame(follow);
  }

  function showState() {
    const { text } = data;
    dress(find("[data-do=play]"), video.paused ? "play" : "pause", video.paused ? text.play : text.pause);
    const silent = video.muted || video.volume === 0;
    dress(find("[data-do=mute]"), silent ? "mute" : "loud", silent ? text.unmute : text.mute);
    const full = Boolean(document.fullscreenElement);
    dress(find("[data-do=full]"), full ? "small" : "full", full ? text.small : text.full);
    for (const name of TOGGLES) find(`[data-toggle=${name}]`).setAttribute("aria-pressed", String(shown[name]));
    const spot = find("[data-do=only]");
    spot.hidden = !chosen && !only;
    spot.textContent = fill(text.only, { person: titleOf(only || chosen) });
    spot.title = text["only.help"];
    spot.setAttribute("aria-pressed", String(only !== ""));
    const index = data.people.findIndex((person) => person.label === (only || chosen));
    mark(root, data, video.duration || data.duration || 1, data.people[index], index < 0 ? "" : colourOf(index));
  }

  function titleOf(label) {
    return data.people.find((person) => person.label === label)?.name || label;
  }

  function quiet(sentence) {
    const line = find(".quiet");
    line.textContent = sentence;
    line.hidden = !sentence;
  }

  // Going somewhere

  function went(t) {
    ways.push(t);
    if (ways.length > WAYS) ways.shift();
  }

  // Whether a time from the page is but the echo of a click here, which may be long on its way: the player has moved on.
  function echo(t) {
    if (asked !== null && Math.abs(t - asked) < SAME_S) return true;
    const place = ways.findLastIndex((way) => Math.abs(t - way) < SAME_S);
    ways.splice(0, place + 1);
    return place >= 0;
  }

  function seek(t, play) {
    asked = Math.max(0, t);
    went(asked);
    video.currentTime = asked + NUDGE;
    if (play) video.play().catch(() => {}); // refused without a click, e.g. on a shared link: it then stands there
  }

  function jump(seconds) {
    seek(Math.min(Math.max(0, video.currentTime + seconds), (video.duration || data.duration) - NUDGE), false);
  }

  function step(forward) {
    video.pause();
    const go = () => (forward ? stepOn(video, watch, data) : stepBack(video, watch));
    stepping = stepping.then(go);
    return stepping;
  }

  function toggle() {
    if (video.paused) video.play().catch(() => {});
    else video.pause();
  }

  // "Only this person": when they leave the picture, on to where they come back.
  function skip() {
    if (!only || video.paused || onScreen === null) return;
    const spans = data.people.find((person) => person.label === only)?.spans ?? [];
    if (spans.some(([start, end]) => start - 0.02 <= onScreen && onScreen <= end + 0.02)) return;
    const next = spans.find(([start]) => start > onScreen);
    if (next) seek(next[0], true);
    else stopAt(spans.at(-1)?.[1]);
  }

  // Frames are told with a delay: it has gone a little too far already.
  function stopAt(t) {
    video.pause();
    if (t !== undefined) seek(t, false);
  }

  function toAppearance() {
    const spans = data.people.find((person) => person.label === only)?.spans ?? [];
    const here = onScreen ?? 0;
    if (!spans.length || spans.some(([start, end]) => start - 0.02 <= here && here <= end + 0.02)) return;
    seek((spans.find(([start]) => start > here) ?? spans[0])[0], false);
  }

  // Telling others

  function say(name, detail) {
    if (data) window.dispatchEvent(new CustomEvent(name, { detail: { footage: data.footage, ...detail } }));
  }

  function report() {
    const now = performance.now();
    if (!data.report || now - reported < REPORT_MS) return;
    reported = now;
    player.report("time", onScreen);
  }

  // The address names the moment one stands at, so that it can be shared and reloaded.
  function standSoon() {
    clearTimeout(standing);
    standing = setTimeout(stand, STAND_MS); // not at every step of a drag along the seek bar
  }

  function stand() {
    if (!data?.picks || !video.paused || !fresh) return;
    const t = Math.round(onScreen * 1000) / 1000;
    const named = data.t ?? 0; // a time within the frame on screen names it as well
    if (t - SAME_S < named && named < t + 1 / (data.fps || 25)) return;
    asked = t;
    went(t);
    player.tell("stand", { t });
  }

  function select(label, t) {
    say("sightline:select", { person: label, t });
    if (data.picks) player.tell("pick", { person: label, t, only: only !== "" });
  }

  function setOnly(label) {
    const person = label || only;
    say("sightline:only", { person: label });
    if (data.picks) player.tell("pick", { person, t: null, only: label !== "" });
  }

  // Controls

  const acts = {
    play: toggle,
    back: () => step(false),
    on: () => step(true),
    mute: () => (video.muted = !video.muted),
    only: () => setOnly(only ? "" : chosen),
    full: () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else frame.requestFullscreen().catch(() => {});
    },
  };
  const keys = {
    " ": acts.play,
    ArrowLeft: () => jump(-JUMP_S),
    ArrowRight: () => jump(JUMP_S),
    ",": acts.back,
    ".": acts.on,
    f: acts.full,
    F: acts.full,
    Escape: () => only && setOnly(""),
  };

  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { do: act, toggle: name } = button.dataset;
    if (act) acts[act]();
    if (name) {
      shown[name] = !shown[name];
      remember({ ...remembered(), [name]: shown[name] });
      slices.landmarks = shown.skeletons;
      showState();
      draw();
    }
    if (event.detail > 0) frame.focus({ preventScroll: true }); // so that space goes on meaning "play"
  });
  canvas.addEventListener("click", (event) => {
    frame.focus({ preventScroll: true });
    const hit = personUnder(touchable, event.offsetX, event.offsetY);
    if (hit) select(hit.label, onScreen);
    else toggle();
  });
  canvas.addEventListener("mousemove", (event) => {
    canvas.style.cursor = personUnder(touchable, event.offsetX, event.offsetY) ? "pointer" : "default";
  });
  canvas.addEventListener("dblclick", acts.full);
  place.addEventListener("input", () => seek(Number(place.value), false));
  find(".speed").addEventListener("change", (event) => (video.playbackRate = Number(event.target.value)));
  find(".volume").addEventListener("input", (event) => {
    video.volume = Number(event.target.value);
    video.muted = false;
  });

  function onKey(event) {
    const inside = event.composedPath().includes(root);
    // Also where nothing has the focus: a player is what the page is about.
    if (!inside && document.activeElement !== document.body) return;
    const [target] = event.composedPath();
    const other = target.matches?.(".volume, select") || (target.matches?.("button") && event.key === " ");
    const act = keys[event.key];
    if (!act || other || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  // The video

  for (const event of ["play", "pause", "volumechange", "loadedmetadata", "ended"]) {
    video.addEventListener(event, () => data && showState());
  }
  for (const event of ["seeked", "loadedmetadata"]) video.addEventListener(event, () => data && showPlace());
  video.addEventListener("play", () => following || follow());
  video.addEventListener("seeked", untold);
  for (const event of ["play", "seeked", "loadeddata"]) video.addEventListener(event, withoutFrameTimes);
  video.addEventListener("loadedmetadata", () => {
    place.max = video.duration;
    // Not the poster but the frame itself, so that what is drawn belongs to it.
    // Said again: a browser under load forgets where it was sent before it knew the recording.
    fresh = false;
    video.currentTime = (asked ?? 0) + NUDGE;
  });
  video.addEventListener("seeking", () => (fresh = false));
  video.addEventListener("pause", () => {
    standSoon();
    if (fresh) say("sightline:time", { t: onScreen, playing: false });
  });
  video.addEventListener("error", async () => {
    const answer = await fetch(video.currentSrc || data.src, { method: "HEAD" }).catch(() => null);
    const problem = find(".problem");
    problem.textContent = answer && answer.status === 404 ? data.text.missing : data.text.unplayable;
    problem.hidden = false;
  });
  new ResizeObserver(draw).observe(canvas);
  watchFrames();

  const mine = (act) => (event) => {
    if (data && event.detail.footage === data.footage) act(event.detail);
  };
  const player = {
    tell: () => {},
    report: () => {},
    hears: {
      "sightline:seek": mine(({ t, play }) => seek(t, play)),
      "sightline:toggle": mine(() => toggle()),
      "sightline:show": mine(({ skeletons }) => {
        shown.skeletons = skeletons; // for this visit: what somebody chose by hand is what is remembered
        slices.landmarks = skeletons;
        showState();
        draw();
      }),
      "sightline:select": mine(({ person }) => {
        chosen = person;
        if (only && only !== person) say("sightline:only", { person }); // the spotlight goes with whom one looks at
        showState();
        draw();
      }),
      "sightline:only": mine(({ person }) => {
        only = person;
        if (person) chosen = person;
        showState();
        toAppearance();
        draw();
      }),
      keydown: onKey,
      fullscreenchange: () => data && showState(),
    },
    update(next) {
      const source = new URL(next.src, document.baseURI).href;
      const other = video.dataset.source !== source;
      data = next;
      slices.landmarks = shown.skeletons;
      slices.configure(next.overlay, next.duration, next.revision);
      if (other) {
        Object.assign(video.dataset, { source });
        [onScreen, asked, handled] = [null, null, {}];
        find(".problem").hidden = true;
        video.poster = next.poster;
        video.src = source;
        find(".picture").style.aspectRatio = `${next.width} / ${next.height}`;
        find(".whole").textContent = clock(next.duration, 1);
        place.max = next.duration;
        video.setAttribute("aria-label", next.name);
      }
      // What Python says counts when it says something new: what the browser did since then is kept otherwise.
      if (next.chosen !== handled.chosen) chosen = next.chosen;
      if (next.only !== handled.only) only = next.only;
      const sought = next.t !== null && next.seek !== handled.seek;
      handled = { chosen: next.chosen, only: next.only, seek: next.seek };
      if (sought && !echo(next.t)) seek(next.t, false);
      label(root, next);
      showState();
      showPlace();
      draw();
    },
    close() {
      slices.close();
      clearTimeout(standing);
      clearTimeout(missed);
      video.pause();
    },
  };
  return player;
}
