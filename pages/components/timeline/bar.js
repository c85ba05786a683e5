// Above the rows: search, order, score, what is in view, zoom, folding, the list; and the legend, which filters.

const SORTS = ["first", "time", "name"];

function barOf(board) {
  const { words } = board.text;
  const root = made("div", "bar");
  const search = made("input", "search");
  Object.assign(search, { type: "search", placeholder: words.search });
  search.setAttribute("aria-label", words.search);
  search.addEventListener("input", () => board.refilter({ search: search.value }));

  const sort = made("select");
  sort.setAttribute("aria-label", words.sort);
  for (const one of SORTS) sort.append(Object.assign(made("option", "", words[`sort.${one}`]), { value: one }));
  sort.addEventListener("change", () => board.resort(sort.value));

  const score = Object.assign(made("input"), { type: "range", min: 0, max: 95, step: 5, value: 0 });
  score.setAttribute("aria-label", words.score);
  const scoreWord = made("span", "figure", "0 %");
  score.addEventListener("input", () => {
    scoreWord.textContent = `${score.value} %`;
    score.setAttribute("aria-valuetext", scoreWord.textContent);
    board.refilter({ score: Number(score.value) });
  });
  const scoreBox = made("label", "scorebox");
  scoreBox.append(made("span", "", words.score), score, scoreWord);

  const within = button(words.window);
  within.title = words["window.help"];
  pressed(within, false);
  within.addEventListener("click", () => {
    pressed(within, !board.filter.window);
    board.refilter({ window: !board.filter.window });
  });

  const count = made("span", "quiet count");
  count.setAttribute("role", "status");
  const zoom = made("div", "group zoom");
  const [out, fit, into] = [button("−", words.out), button(words.fit, words["fit.help"]), button("+", words.into)];
  out.addEventListener("click", () => board.zoom(1.6));
  into.addEventListener("click", () => board.zoom(1 / 1.6));
  fit.addEventListener("click", () => board.fit());
  zoom.append(out, fit, into);
  const fold = button(words.fold);
  fold.addEventListener("click", () => board.foldAll(!board.foldedAll));
  const list = button(words.list);
  list.addEventListener("click", () => board.showList(!board.listing));
  root.append(search, sort, scoreBox, within, count, fold, list);
  return {
    root,
    zoom,
    refresh() {
      const { all, shown } = { all: board.model?.people.length ?? 0, shown: board.rows.length };
      count.textContent = shown === all ? "" : fill(words.count, { shown, all });
      fold.textContent = board.foldedAll ? words.unfold : words.fold;
      fold.hidden = !board.model?.channels.length;
      scoreBox.hidden = !board.model?.channels.length;
      list.textContent = board.listing ? words.rows : words.list;
      pressed(list, board.listing);
      fold.classList.toggle("off", board.listing);
    },
    clear() {
      search.value = "";
      score.value = 0;
      scoreWord.textContent = "0 %";
      pressed(within, false);
    },
  };
}

function pressed(element, is) {
  element.setAttribute("aria-pressed", String(Boolean(is)));
}

function legendOf(board) {
  const root = made("div", "legend");
  return {
    root,
    rebuild() {
      const { model, text } = board;
      root.replaceChildren();
      const order = Object.keys(text.labels);
      for (const channel of model.channels) {
        const used = new Set();
        for (const { lanes } of model.people) {
          for (const lane of lanes) if (lane.channel === channel) lane.label.forEach((one) => used.add(model.labels[one]));
        }
        const box = made("div", "labels");
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", text.channels[channel] ?? channel);
        box.append(made("span", "quiet", text.channels[channel] ?? channel));
        const place = (label) => (order.includes(label) ? order.indexOf(label) : order.length);
        for (const label of [...used].sort((one, other) => place(one) - place(other))) box.append(chip(board, label));
        root.append(box);
      }
      if (board.gaps.length) {
        const box = made("div", "labels");
        box.append(made("span", "swatch gapmark"), made("span", "quiet", text.words.gap));
        root.append(box);
      }
      root.hidden = !root.childElementCount;
    },
    refresh() {
      for (const one of root.querySelectorAll("button")) pressed(one, board.filter.labels.has(one.dataset.label));
      root.classList.toggle("some", board.filter.labels.size > 0);
    },
  };
}

function chip(board, label) {
  const element = button("", "");
  element.className = "chip";
  element.dataset.label = label;
  element.append(swatch(board.look(label)), made("span", "", board.text.labels[label] ?? label));
  pressed(element, false);
  element.title = board.text.words["chip.help"];
  element.addEventListener("click", () => {
    const labels = new Set(board.filter.labels);
    if (!labels.delete(label)) labels.add(label);
    board.refilter({ labels });
  });
  return element;
}
