// The same as a table, for screen readers and for copying.

const PAGE = 100; // rows drawn at once

const COLUMNS = ["person", "channel", "label", "from", "to", "length", "score", "coverage"];

// Every stretch that the filter leaves, in the order of the rows.
function entries(board) {
  const found = [];
  for (const { person } of board.rows) {
    for (const lane of person.lanes) {
      for (let at = 0; at < lane.start.length; at += 1) {
        const within = !board.filter.window || (lane.end[at] >= board.view.from && lane.start[at] <= board.view.to);
        if (within && passes(board.model, board.filter, lane, at)) found.push({ person, lane, at });
      }
    }
  }
  return found;
}

function listOf(board) {
  const { words } = board.text;
  const root = made("div", "listing");
  const head = made("div", "listhead");
  const count = made("span", "quiet");
  const [back, on, copy] = [button("‹", words.previous), button("›", words.next), button(words.copy)];
  const table = made("table");
  const caption = made("caption", "unseen", words.title);
  const titles = made("tr");
  for (const column of COLUMNS) {
    const cell = made("th", "", words[`col.${column}`]);
    cell.scope = "col";
    titles.append(cell);
  }
  const top = made("thead");
  top.append(titles);
  const body = made("tbody");
  table.append(caption, top, body);
  const frame = made("div", "tableframe");
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", words.title);
  frame.append(table);
  head.append(count, back, on, copy);
  root.append(head, frame);
  let all = [];
  let first = 0;

  function draw() {
    first = Math.min(first, Math.max(0, Math.floor((all.length - 1) / PAGE) * PAGE));
    const shown = all.slice(first, first + PAGE);
    body.replaceChildren(...shown.map((entry) => entryRow(board, entry)));
    const last = Math.min(first + PAGE, all.length);
    count.textContent = fill(words["list.count"], { first: all.length ? first + 1 : 0, last, all: all.length });
    back.disabled = first === 0;
    on.disabled = last >= all.length;
  }

  const turn = (pages) => {
    first = Math.max(0, first + pages * PAGE);
    draw();
    frame.scrollTop = 0;
  };
  back.addEventListener("click", () => turn(-1));
  on.addEventListener("click", () => turn(1));
  copy.addEventListener("click", async () => {
    const done = await copied(csvOf(board, all), root);
    board.say(fill(done ? words.copied : words["copied.not"], { count: all.length }), true);
  });
  return {
    root,
    refresh() {
      all = entries(board);
      draw();
    },
  };
}

function button(word, name) {
  const element = made("button", "plain", word);
  element.type = "button";
  if (name) {
    element.title = name;
    element.setAttribute("aria-label", name);
  }
  return element;
}

function entryRow(board, { person, lane, at }) {
  const { words } = board.text;
  const row = made("tr");
  const who = made("th", "", person.name ? `${person.name} (${person.label})` : person.label);
  who.scope = "row";
  const from = button(clock(lane.start[at]), fill(words.play, { person: titleOf(person), time: clock(lane.start[at]) }));
  from.addEventListener("click", () => board.pick(person, lane.start[at], true));
  const start = made("td", "number");
  start.append(from);
  row.append(who, made("td", "", channelWord(board, lane)), made("td", "", labelWord(board, lane, at)), start);
  row.append(made("td", "number", clock(lane.end[at])), made("td", "number", (lane.end[at] - lane.start[at]).toFixed(2)));
  const known = lane.label && board.model.labels[lane.label[at]] !== "unknown";
  row.append(made("td", "number", known ? `${lane.score[at]} %` : ""), made("td", "number", lane.label ? `${lane.coverage[at]} %` : ""));
  return row;
}

function channelWord(board, lane) {
  return board.text.channels[lane.channel] ?? lane.channel;
}

function labelWord(board, lane, at) {
  if (!lane.label) return board.text.words.present;
  const label = board.model.labels[lane.label[at]];
  return board.text.labels[label] ?? label;
}

// Labels and channels in the words of the exports, so that what is copied reads the same in every language.
function csvOf(board, all) {
  const rows = all.map(({ person, lane, at }) => {
    const label = lane.label ? board.model.labels[lane.label[at]] : "";
    const rates = lane.label ? [lane.score[at] / 100, lane.coverage[at] / 100] : ["", ""];
    return [person.label, person.name, lane.channel, label, lane.start[at].toFixed(2), lane.end[at].toFixed(2), ...rates];
  });
  const head = ["person", "name", "channel", "label", "start_s", "end_s", "score", "coverage"];
  return [head, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n");
}

function csvCell(value) {
  let text = String(value);
  if (typeof value === "string" && /^[=+\-@\t]/.test(text)) text = `'${text}`; // a spreadsheet would take it for a formula
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function copied(text, root) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Only pages that came over https or from this machine may use the clipboard: the old way.
    const area = root.appendChild(made("textarea", "unseen"));
    area.value = text;
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
