// Everybody as cards. A click opens a dossier here, and a new tab where somebody asks the browser for one.

export default function ({ data, parentElement, setTriggerValue }) {
  const board = (parentElement.sightline ??= build(parentElement));
  board.tell = setTriggerValue;
  board.update(data);
}

function build(parent) {
  const list = parent.appendChild(document.createElement("ul"));
  list.className = "cards";
  let drawn = "";
  const board = {
    tell: () => {},
    update(data) {
      const wanted = JSON.stringify(data);
      if (wanted === drawn) return;
      drawn = wanted;
      list.setAttribute("aria-label", data.text.list);
      list.replaceChildren(...data.items.map((item) => card(item, data.text, board)));
    },
  };
  return board;
}

function card(item, text, board) {
  const row = element("li", "");
  const link = element("a", "card");
  link.href = item.href;
  link.dataset.id = item.id;
  link.setAttribute("aria-label", item.spoken);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    board.tell("open", item.id);
  });
  const frame = element("span", "frame");
  if (item.picture) {
    const picture = element("img", "");
    picture.src = item.picture;
    picture.alt = "";
    picture.loading = "lazy";
    picture.decoding = "async";
    frame.append(picture);
  } else {
    frame.append(element("span", "nopicture", text.nopicture));
  }
  if (item.count > 1) frame.append(element("span", "badge", `${item.count} ${text.recordings}`));
  const head = element("span", "head");
  head.append(element("span", "name", item.title));
  if (item.label) head.append(element("span", "code", item.label));
  if (item.alarms) head.append(element("span", "alarm", `${text.alarms} ${item.alarms}`));
  const where = element("span", "where", item.footage);
  where.title = item.all;
  const facts = element("span", "facts", `${item.visible} · ${item.times}× · ${item.when}`);
  link.append(frame, head, where, facts);
  row.append(link);
  return row;
}

function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}
