// What stands above the results, and in their place where there are none.

function summary(view) {
  const node = element("div", "summary");
  const count = element("p", "found");
  count.setAttribute("role", "status");
  node.append(count);
  function update({ answer, text }) {
    node.hidden = !answer || !answer.considered;
    if (!answer) return;
    const kept = answer.considered - answer.below;
    const found = element("strong", "", fill(text[`found.${form(kept)}`], { count: kept.toLocaleString() }));
    const of = fill(text.of, { count: answer.considered.toLocaleString() });
    const took = fill(text.took, { seconds: answer.seconds.toFixed(answer.seconds < 0.1 ? 3 : 2) });
    count.replaceChildren(found, ` ${of} · ${took} · ${text[`tier.${answer.tier}`]}`);
  }
  return { node, update };
}

// Whom people should resemble.
function likeRow(view) {
  const node = element("div", "like");
  const draw = drawer(node, (like, text) => {
    if (!like) return [];
    const parts = [];
    if (like.crop) parts.push(Object.assign(element("img", ""), { src: like.crop, alt: "" }));
    else parts.push(icon("photo"));
    const words = element("span", "words");
    words.append(element("strong", "", fill(text[like.photo ? "like.photo" : "like"], like)));
    if (like.place) words.append(element("span", "quiet", like.place));
    const stop = button("icononly", undefined, () => view.ask({ similar: "", photo: "", min: "", top: "" }), text["like.stop"]);
    stop.title = text["like.stop"];
    stop.append(icon("close"));
    parts.push(words, stop);
    return parts;
  });
  return {
    node,
    update({ like, text }) {
      node.hidden = !like;
      draw(like, text);
    },
  };
}

function notes() {
  const node = element("div", "notes");
  const draw = drawer(node, (notes) => notes.map((words) => element("p", "note", words)));
  return { node, update: ({ notes: all }) => draw(all) };
}

// Nothing was asked, nothing was found, or the search failed.
function emptyState(view) {
  const node = element("div", "empty");
  const draw = drawer(node, (state, text) => {
    const { kind, detail, examples } = state;
    if (kind === "") return [];
    if (kind === "start") return [...starting(examples, text, view)];
    const parts = [element("h2", "", kind === "failed" ? text.failed : text["empty.title"])];
    parts.push(element("p", "", kind === "failed" ? detail : text[`empty.${kind}`]));
    if (kind === "filters") parts.push(button("go", text["filters.clear"], () => view.clearFilters()));
    if (kind === "below") parts.push(button("go", text["empty.all"], () => view.ask({ min: "" })));
    if (kind === "failed") parts.push(button("go", text.again, () => view.ask({})));
    return parts;
  });
  function update(data) {
    const state = { kind: stateOf(data), detail: data.error, examples: data.examples };
    node.hidden = state.kind === "";
    node.className = `empty ${state.kind}`;
    draw(state, data.text);
  }
  return { node, update };
}

function stateOf({ answer, ask, error, chips }) {
  if (error) return "failed";
  if (!answer) return ask.q || ask.similar || ask.photo ? "" : "start";
  if (answer.hits.length) return "";
  if (ask.q && !chips.length) return "words";
  if (!answer.considered) return LIMITS.some((key) => ask[key].length) ? "filters" : "people";
  return "below";
}

function starting(examples, text, view) {
  const lead = element("p", "lead", text.lead);
  const row = element("div", "examples");
  row.append(element("span", "quiet", text.try));
  for (const words of examples) row.append(button("example", words, () => view.ask({ q: words })));
  const hints = element("ul", "hints");
  for (const [mark, words] of [["find", text["start.words"]], ["filters", text["start.chips"]], ["photo", text["start.photo"]]]) {
    const item = element("li", "");
    item.append(icon(mark), element("span", "", words));
    hints.append(item);
  }
  return [lead, row, hints];
}
