// Mouse, touch and keys over the rows.

const REACH = 4; // pixels around a thin segment that still mean it
const DRAG = 4; // pixels before a press becomes a drag

// What lies under a point of the rows' canvas: {person, lane, at}; lane null beside the lanes, at -1 between segments.
function hit(board, x, y) {
  const row = visibleRows(board.rows, board.scroll + y, 1)[0];
  if (!row) return null;
  const inside = board.scroll + y - row.top;
  const t = board.view.from + (x / board.width) * (board.view.to - board.view.from);
  for (let place = row.tops.length - 1; place >= 0; place -= 1) {
    const lane = row.person.lanes[place];
    const [top, high] = [row.tops[place], laneHeight(lane)];
    if (inside < top - 2 || inside > top + high + 2) continue;
    const track = lane.tracks > 1 ? Math.min(lane.tracks - 1, Math.max(0, Math.floor(((inside - top) / high) * lane.tracks))) : 0;
    return { person: row.person, lane, at: segmentAt(lane, t, (REACH / board.width) * (board.view.to - board.view.from), track), t };
  }
  return { person: row.person, lane: null, at: -1, t };
}

function placeIn(element, event) {
  const box = element.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function listenToPointer(board) {
  const { canvas, ruler, overview, scroller } = board.parts;
  const touches = new Map();
  let press = null;
  let pinch = null;

  const timeAt = (x) => board.view.from + (x / board.width) * (board.view.to - board.view.from);

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const [x, y] = placeIn(canvas, event);
    touches.set(event.pointerId, x);
    press = { x, y, from: board.view.from, scroll: scroller.scrollTop, moved: false };
    if (touches.size === 2) {
      const [one, other] = [...touches.values()];
      pinch = { apart: Math.max(20, Math.abs(one - other)), span: board.view.to - board.view.from, at: timeAt((one + other) / 2) };
      press.moved = true;
    }
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = placeIn(canvas, event);
    if (touches.has(event.pointerId)) touches.set(event.pointerId, x);
    if (pinch && touches.size === 2) {
      const [one, other] = [...touches.values()];
      const span = (pinch.span * pinch.apart) / Math.max(20, Math.abs(one - other));
      const middle = (one + other) / 2 / board.width;
      board.show(pinch.at - span * middle, pinch.at + span * (1 - middle), true);
    } else if (press) {
      if (!press.moved && Math.hypot(x - press.x, y - press.y) < DRAG) return;
      press.moved = true;
      board.parts.board.classList.add("dragging");
      const span = board.view.to - board.view.from;
      const from = press.from - ((x - press.x) / board.width) * span;
      board.show(from, from + span, true);
      if (event.pointerType === "mouse") scroller.scrollTop = press.scroll - (y - press.y);
      board.hover(null);
    } else {
      board.hover(hit(board, x, y), x, y);
    }
  });
  const release = (event) => {
    touches.delete(event.pointerId);
    if (touches.size < 2) pinch = null;
    board.parts.board.classList.remove("dragging");
    const held = press;
    if (!touches.size) press = null;
    if (!held || held.moved || event.type !== "pointerup") return;
    const [x, y] = placeIn(canvas, event);
    const found = hit(board, x, y);
    if (!found) return;
    board.focusOn(found.at >= 0 ? found : null, false);
    if (found.at >= 0) board.pick(found.person, Math.max(found.lane.start[found.at], 0), true);
    else board.seek(found.t, false);
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => board.hover(null));
  canvas.addEventListener("dblclick", () => board.fit());

  for (const place of [board.parts.ruler, canvas]) {
    place.addEventListener(
      "wheel",
      (event) => {
        const [x] = placeIn(place, event);
        const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
        const across = sideways ? event.deltaX : event.shiftKey ? event.deltaY : 0;
        if (event.ctrlKey || event.metaKey || (place === ruler && !sideways && !event.shiftKey)) {
          event.preventDefault();
          board.zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY * (event.deltaMode ? 0.05 : 0.002)))), timeAt(x));
        } else if (across) {
          event.preventDefault();
          const move = (across / board.width) * (board.view.to - board.view.from);
          board.show(board.view.from + move, board.view.to + move, true);
        }
      },
      { passive: false },
    );
  }

  dragged(ruler, (x) => board.seek(timeAt(x), null), () => board.fit());
  dragged(overview, (x) => {
    const span = board.view.to - board.view.from;
    const middle = (x / board.width) * board.model.duration;
    board.show(middle - span / 2, middle + span / 2, true);
  }, () => board.fit());
}

function dragged(element, move, twice) {
  let held = false;
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    held = true;
    element.setPointerCapture(event.pointerId);
    move(placeIn(element, event)[0]);
  });
  element.addEventListener("pointermove", (event) => held && move(placeIn(element, event)[0]));
  for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => (held = false));
  element.addEventListener("dblclick", twice);
}

function listenToKeys(board) {
  board.parts.board.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !board.model) return;
    const move = {
      ArrowUp: () => step(board, -1),
      ArrowDown: () => step(board, 1),
      ArrowLeft: () => along(board, -1),
      ArrowRight: () => along(board, 1),
      PageUp: () => person(board, -1),
      PageDown: () => person(board, 1),
      Home: () => along(board, -Infinity),
      End: () => along(board, Infinity),
      Enter: () => board.focus && board.pick(board.focus.person, board.focus.lane.start[board.focus.at], true),
      Escape: () => board.leave(),
      "+": () => board.zoom(1 / 1.6),
      "=": () => board.zoom(1 / 1.6),
      "-": () => board.zoom(1.6),
      _: () => board.zoom(1.6),
      0: () => board.fit(),
      f: () => board.focus && board.fold(board.focus.person),
      F: () => board.focus && board.fold(board.focus.person),
    }[event.key];
    if (!move || (event.key === "Enter" && event.target.closest("button"))) return;
    event.preventDefault();
    event.stopPropagation(); // these keys mean something else to the player
    move();
  });
}

// Where the keyboard starts: the chosen person or the first row on screen, at the playhead.
function begin(board) {
  const row = board.rows.find(({ person: one }) => one.label === board.chosen) ?? visibleRows(board.rows, board.scroll, 1)[0];
  if (row) board.focusOn(near(row.person, row.person.lanes[0], board.time), true);
}

function near(who, lane, t) {
  return { person: who, lane, at: Math.max(0, segmentAt(lane, t, Infinity)) };
}

// To the lane above or below, at the same time.
function step(board, way) {
  if (!board.focus) return begin(board);
  const { person: who, lane } = board.focus;
  const t = board.focusTime();
  const place = board.rows.findIndex((row) => row.person === who);
  if (place < 0) return begin(board);
  const shown = board.rows[place].tops.length;
  const next = who.lanes.indexOf(lane) + way;
  if (next >= 0 && next < shown) return board.focusOn(near(who, who.lanes[next], t), true, t);
  const row = board.rows[place + way];
  if (row) board.focusOn(near(row.person, row.person.lanes[way > 0 ? 0 : row.tops.length - 1], t), true, t);
}

function person(board, way) {
  if (!board.focus) return begin(board);
  const t = board.focusTime();
  const place = board.rows.findIndex((row) => row.person === board.focus.person);
  const row = board.rows[Math.min(Math.max(place + way, 0), board.rows.length - 1)];
  if (row) board.focusOn(near(row.person, row.person.lanes[0], t), true, t);
}

function along(board, way) {
  if (!board.focus) return begin(board);
  const { person: who, lane, at } = board.focus;
  const last = lane.start.length - 1;
  let next = Math.min(Math.max(at + way, 0), last);
  // What the filter leaves out is passed over, unless nothing else is there.
  const turn = Math.sign(way) * (Number.isFinite(way) ? 1 : -1);
  let tried = next;
  while (tried >= 0 && tried <= last && sifts(board.filter) && lane.label && !passes(board.model, board.filter, lane, tried)) tried += turn;
  if (tried >= 0 && tried <= last) next = tried;
  board.focusOn({ person: who, lane, at: next }, true);
}
