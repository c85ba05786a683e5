// Pairs that may be the same person, one at a time: same, not the same, or skip, by button or by key.
//
// An answer carries the two it is about, so that a key that is pressed while the page is being drawn judges the pair
// that was looked at. Everything is numbered and told again until the page has answered; the acts are those of the list
// of people, whose part comes before this one.

const ANSWERS = ["same", "different", "skip"];

export default function ({ data, parentElement, setStateValue }) {
  const board = (parentElement.sightline ??= build(parentElement));
  board.acts.report = setStateValue;
  board.update(data);
  const listeners = Object.entries(board.hears);
  for (const [name, listener] of listeners) window.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of listeners) window.removeEventListener(name, listener);
  };
}

function build(parent) {
  const root = parent.appendChild(element("section", "pairs"));
  root.innerHTML = `
    <div class="top"><span class="count" role="status"></span><button type="button" class="step undo" hidden></button>
      <span class="quiet by"></span></div>
    <div class="pair"></div>
    <div class="answers" role="group"></div>
    <div class="more"></div>
    <h3 class="queuehead"></h3>
    <ol class="queue"></ol>
    <p class="keys quiet"></p>
    <p class="unseen" aria-live="polite"></p>`;
  const find = (selector) => root.querySelector(selector);
  const answered = new Set(); // told, and not yet drawn without
  let current = "";
  let before = null; // ids of those that waited when an answer was taken back
  let drawn = "";
  const buttons = ANSWERS.map((answer) => {
    const made = button(`answer ${answer}`);
    made.addEventListener("click", () => judge(answer));
    return made;
  });
  find(".answers").append(...buttons);
  find(".undo").addEventListener("click", undo);

  // Those that wait, the skipped ones last.
  function waiting() {
    const open = board.data.pairs.filter((pair) => !answered.has(pair.id));
    const skipped = new Set(board.data.skipped);
    return [...open.filter((pair) => !skipped.has(pair.id)), ...open.filter((pair) => skipped.has(pair.id))];
  }

  function judge(answer) {
    const rows = waiting();
    const place = rows.findIndex((pair) => pair.id === current);
    const pair = rows[place];
    if (!pair) return;
    const who = ({ run, label, tracklet }) => ({ run, label, tracklet });
    const { text } = board.data;
    const words = { first: pair.first.title, second: pair.second.title };
    if (answer === "skip") {
      current = (rows[place + 1] ?? rows[0]).id;
      board.acts.send({ kind: "skip", id: pair.id });
    } else {
      answered.add(pair.id);
      current = (rows[place + 1] ?? rows[place - 1])?.id ?? "";
      const { footage } = pair.first;
      board.acts.send({ kind: "answer", answer, id: pair.id, footage, first: who(pair.first), second: who(pair.second) });
    }
    find(".unseen").textContent = fill(text[`said.${answer}`], words);
    draw();
  }

  function undo() {
    const { undo: line } = board.data;
    const { busy, pending } = board.acts;
    if (!line && !busy) return;
    // While an answer is on its way, what is meant is that one.
    const last = pending.findLast((act) => act.kind === "answer");
    before = new Set(waiting().map((pair) => pair.id));
    board.acts.send({ kind: "undo", line: busy ? null : line.id, footage: last?.footage ?? line.footage });
    draw();
  }

  function step(by) {
    const rows = waiting();
    const next = rows[rows.findIndex((pair) => pair.id === current) + by];
    if (!next) return;
    current = next.id;
    draw();
  }

  function draw() {
    const { text, undo: line, author } = board.data;
    const rows = waiting();
    if (!rows.some((pair) => pair.id === current)) current = rows[0]?.id ?? "";
    const place = rows.findIndex((pair) => pair.id === current);
    const pair = rows[place];
    root.setAttribute("aria-label", text.title);
    find(".count").textContent = pair ? fill(text.count, { place: place + 1, all: rows.length }) : "";
    find(".by").textContent = fill(text.by, { name: author });
    const back = find(".undo");
    back.hidden = !line;
    if (line) {
      back.textContent = `↶ ${fill(text.undo, { what: line.words })}`;
      back.setAttribute("aria-keyshortcuts", "U");
    }
    buttons.forEach((made, at) => {
      const mark = element("kbd", "", String(at + 1));
      mark.setAttribute("aria-hidden", "true");
      made.replaceChildren(mark, element("span", "", text[ANSWERS[at]]));
      made.setAttribute("aria-keyshortcuts", String(at + 1));
    });
    for (const name of [".answers", ".keys", ".queuehead", ".queue"]) find(name).hidden = !pair;
    find(".keys").textContent = text.keys;
    find(".answers").setAttribute("aria-label", text.answers);
    const wanted = JSON.stringify([pair, text.title]);
    if (wanted !== drawn) {
      drawn = wanted;
      root.dataset.pair = pair?.id ?? "";
      if (pair) {
        find(".pair").replaceChildren(side(pair.first, 0, text, board), side(pair.second, 1, text, board));
        find(".more").replaceChildren(times(pair, text), figures(pair, text));
      } else {
        find(".pair").replaceChildren(element("p", "none", text.done));
        find(".more").replaceChildren();
      }
    }
    queue(rows, text);
  }

  function queue(rows, text) {
    find(".queuehead").textContent = text.queue;
    const list = find(".queue");
    list.setAttribute("aria-label", text.queue);
    const focused = list.querySelector(":focus")?.dataset.pair;
    const skipped = new Set(board.data.skipped);
    list.replaceChildren(
      ...rows.map((pair) => {
        const item = element("li", "");
        const words = { first: pair.first.title, second: pair.second.title, score: percent(pair.score) };
        const made = button(skipped.has(pair.id) ? "waits skipped" : "waits", undefined, fill(text.open, words));
        made.dataset.pair = pair.id;
        if (pair.id === current) made.setAttribute("aria-current", "true");
        for (const person of [pair.first, pair.second]) {
          const frame = element("span", "thumb");
          if (person.crops.length) {
            const image = Object.assign(element("img", ""), { src: person.crops[0][0], alt: "", loading: "lazy" });
            image.addEventListener("error", () => image.remove());
            frame.append(image);
          }
          made.append(frame);
        }
        made.append(element("span", "quiet", percent(pair.score)));
        made.addEventListener("click", () => {
          current = pair.id;
          draw();
        });
        item.append(made);
        return item;
      }),
    );
    if (focused) [...list.querySelectorAll("button")].find((one) => one.dataset.pair === focused)?.focus({ preventScroll: true });
  }

  const keys = {
    1: () => judge("same"),
    2: () => judge("different"),
    3: () => judge("skip"),
    j: () => step(1),
    k: () => step(-1),
    u: undo,
  };

  const board = {
    data: null,
    acts: actsOf(),
    hears: {
      keydown(event) {
        if (!board.data || event.defaultPrevented || event.repeat || event.altKey || event.shiftKey || typing(event)) return;
        const back = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
        if (!back && (event.ctrlKey || event.metaKey)) return;
        const act = back ? undo : keys[keyOf(event)];
        if (!act) return;
        event.preventDefault();
        act();
      },
    },
    update(data) {
      board.data = data;
      board.acts.done(data.n);
      const pending = new Set(board.acts.pending.map((act) => act.id));
      for (const id of answered) if (!pending.has(id)) answered.delete(id);
      if (before && !pending.size) {
        current = data.pairs.find((pair) => !before.has(pair.id))?.id ?? current; // on to the one that came back
        before = null;
      }
      draw();
    },
  };
  return board;
}

// The key that was pressed; where another script is typed, the letter that stands on that key in ours.
function keyOf(event) {
  if (/^[!-~]$/.test(event.key)) return event.key.toLowerCase();
  return event.code.replace(/^(Key|Digit|Numpad)/, "").toLowerCase();
}
