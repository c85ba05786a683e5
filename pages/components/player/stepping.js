// Going from frame to frame, also where frames are not evenly spaced.

// Browsers keep media time in whole microseconds and may round down, which would show the frame before.
const NUDGE = 0.0005;
const PATIENCE_MS = 150; // from the end of a seek until its frame is on screen
const TRIES = 40;

// Shows the frame at a time; resolves to the time of the frame that is then on screen.
function present(video, watch, t) {
  return new Promise((resolve) => {
    const stop = watch.next((shown) => finish(shown));
    let timer = 0;
    let done = false;
    const seeked = () => {
      // A seek within the frame on screen may present nothing new. A browser that is busy gets time to paint, too.
      const painted = () => requestAnimationFrame(() => requestAnimationFrame(() => finish(watch.shown())));
      timer = setTimeout(painted, PATIENCE_MS);
    };
    const finish = (shown) => {
      if (done) return;
      done = true;
      stop();
      clearTimeout(timer);
      video.removeEventListener("seeked", seeked);
      resolve(shown);
    };
    video.addEventListener("seeked", seeked, { once: true });
    video.currentTime = Math.max(0, t);
  });
}

// One frame back: whatever lies just before the frame on screen belongs to the frame before it.
async function stepBack(video, watch) {
  const from = watch.shown();
  if (from === null || from <= 0) return;
  await present(video, watch, from - 2 * NUDGE);
}

// One frame on. Evenly spaced: a frame's length on, and a little into it. Else: grope for a later frame, then walk back
// to the first one after where we stand.
async function stepOn(video, watch, { fps, variable }) {
  const from = watch.shown();
  const length = 1 / (fps || 25);
  if (from === null) return;
  if (!variable) {
    await present(video, watch, from + 1.25 * length);
    return;
  }
  let found = from;
  for (let tries = 1; found <= from + NUDGE && tries <= TRIES; tries++) {
    const ahead = Math.min(from + (tries * length) / 2, (video.duration || Infinity) - NUDGE);
    found = await present(video, watch, ahead);
    if (ahead >= (video.duration || Infinity) - 2 * NUDGE) break;
  }
  while (found > from + NUDGE) {
    const before = await present(video, watch, found - 2 * NUDGE);
    if (before <= from + NUDGE) break;
    found = before;
  }
  await present(video, watch, found + NUDGE);
}
