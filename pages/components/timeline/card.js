// What is under the pointer, in words and with a picture of the person.

function cardOf(board) {
  const root = made("div", "card");
  root.hidden = true;
  root.setAttribute("aria-hidden", "true"); // the keyboard hears the same from the live line
  const image = made("img");
  image.alt = "";
  image.addEventListener("error", () => (image.hidden = true));
  const body = made("div", "cardbody");
  root.append(image, body);
  let shown = "";
  return {
    root,
    show(found, x, y) {
      root.hidden = !found || found.at < 0;
      if (root.hidden) {
        shown = "";
        return;
      }
      const { person, lane, at } = found;
      const key = `${person.index} ${lane.channel} ${at}`;
      if (key !== shown) {
        shown = key;
        const middle = (lane.start[at] + lane.end[at]) / 2;
        const file = cropAt(person, middle);
        image.hidden = !file;
        if (file) {
          const address = board.data.media + file.split("/").map(encodeURIComponent).join("/");
          if (image.getAttribute("src") !== address) image.src = address;
        }
        body.replaceChildren(...factsOf(board, found));
      }
      const frame = board.parts.board.getBoundingClientRect();
      const space = board.parts.canvas.getBoundingClientRect();
      const left = space.left - frame.left + x;
      const top = space.top - frame.top + y;
      const [wide, high] = [root.offsetWidth, root.offsetHeight];
      root.style.left = `${Math.max(4, left + 16 + wide > frame.width ? left - wide - 16 : left + 16)}px`;
      root.style.top = `${top + 18 + high > frame.height + 60 ? Math.max(4 - high * 0.2, top - high - 12) : top + 18}px`;
    },
  };
}

function factsOf(board, { person, lane, at }) {
  const { words } = board.text;
  const who = made("div", "who");
  who.append(made("b", "", titleOf(person)));
  if (person.name) who.append(made("span", "quiet", person.label));
  const what = made("div", "what");
  if (lane.label) what.append(swatch(board.look(board.model.labels[lane.label[at]])));
  what.append(made("span", "", `${channelWord(board, lane)}${lane.label ? ` · ${labelWord(board, lane, at)}` : ""}`));
  const facts = made("dl");
  const add = (name, value) => facts.append(made("dt", "", name), made("dd", "", value));
  add(words["card.time"], `${clock(lane.start[at])} – ${clock(lane.end[at])}`);
  add(words["col.length"], fill(words.seconds, { seconds: (lane.end[at] - lane.start[at]).toFixed(1) }));
  if (lane.label) {
    if (board.model.labels[lane.label[at]] !== "unknown") add(words["col.score"], `${lane.score[at]} %`);
    add(words["col.coverage"], `${lane.coverage[at]} %`);
    const own = lane.source ? board.model.sources[lane.source[at]] : "";
    if (own) add(words["card.source"], own);
  } else {
    add(words["card.detection"], `${Math.round(person.score * 100)} %`);
  }
  const model = board.model.models[lane.channel];
  if (model) add(words["card.model"], model);
  return [who, what, facts];
}

// The same in one sentence, for the live line.
function spoken(board, { person, lane, at }) {
  const { words } = board.text;
  const values = {
    person: titleOf(person),
    channel: channelWord(board, lane),
    label: labelWord(board, lane, at),
    from: clock(lane.start[at]),
    to: clock(lane.end[at]),
    number: at + 1,
    all: lane.start.length,
  };
  if (!lane.label) return fill(words["say.present"], values);
  if (board.model.labels[lane.label[at]] === "unknown") return fill(words["say.unknown"], values);
  return fill(words.say, { ...values, score: lane.score[at], coverage: lane.coverage[at] });
}
