// People who were found: a card each, with what speaks for them and what against.

function resultList(view) {
  const node = element("ol", "results");
  const draw = drawer(node, (answer, chips, text) => (answer?.hits ?? []).map((hit) => resultCard(hit, chips, text, view)));
  node.addEventListener("keydown", (event) => {
    const links = view.links();
    const here = links.indexOf(node.getRootNode().activeElement);
    if (here < 0) return;
    const across = Math.max(1, links.filter((one) => Math.abs(topOf(one) - topOf(links[0])) < 4).length);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
    const next = event.key === "Home" ? 0 : event.key === "End" ? links.length - 1 : here + (step ?? 0);
    if (next === here && !["Home", "End"].includes(event.key)) return;
    event.preventDefault();
    if (next < 0) view.focusBox();
    else view.focusResult(next);
  });
  view.links = () => [...node.querySelectorAll(".hit:not([hidden]) .open")];
  view.focusResult = (place) => {
    const links = view.links();
    links[Math.min(place, links.length - 1)]?.focus();
  };
  // Raising the threshold takes people away at once; lowering it asks the server, when the hand lets go.
  view.cut = (least) => {
    for (const one of node.children) one.hidden = one.score < least - 1e-9;
  };
  function update({ answer, chips, text, words, media }) {
    node.setAttribute("aria-label", text.results);
    node.hidden = !answer?.hits.length;
    draw(answer, chips, text, words, media);
    view.cut(0);
  }
  return { node, update };
}

function topOf(node) {
  return node.getBoundingClientRect().top;
}

function resultCard(hit, chips, text, view) {
  const person = hit.called || hit.person;
  const time = clock(hit.t);
  const card = element("li", "hit");
  card.score = hit.score;
  card.dataset.person = hit.person;
  const open = element("a", "open", person);
  open.href = hit.link; // the browser follows it: its way back then leads to this very search
  open.dataset.act = `open ${hit.footage} ${hit.person}`;
  open.setAttribute("aria-label", fill(text.open, { person, rank: hit.rank, score: hit.score.toFixed(2), footage: hit.name, time }));
  const crop = element("div", "crop");
  const image = element("img", "");
  Object.assign(image, { src: hit.crop[0], alt: "", loading: "lazy", decoding: "async" });
  image.addEventListener("error", () => image.remove()); // the ground behind it says enough
  crop.append(image, element("span", "rank", String(hit.rank)));

  const head = element("div", "head");
  head.append(open);
  if (hit.called) head.append(element("span", "code", hit.person));
  if (hit.fresh) head.append(element("span", "count fresh", text.new));
  head.append(scoreOf(hit, text));
  const place = element("p", "place");
  const name = element("span", "footage", hit.name);
  name.title = hit.name;
  place.append(name, element("span", "time", time));
  if (hit.when) place.append(element("span", "when", hit.when));

  const body = element("div", "body");
  body.append(head, place);
  if (hit.evidence.length) body.append(evidence(hit, chips, text, view));
  else body.append(wearing(hit, text, view));
  if (hit.caption) body.append(element("p", "caption", hit.caption));
  const similar = button("similar", undefined, () => view.ask({ q: "", photo: "", similar: hit.view, min: "", top: "" }), fill(text["similar.of"], { person }));
  similar.dataset.act = `similar ${hit.view}`;
  similar.append(icon("alike"), element("span", "", text.similar));
  const foot = element("div", "foot");
  foot.append(similar, element("span", "tier", text[`by.${hit.tier}`]));
  body.append(foot);
  card.append(crop, body);
  return card;
}

function scoreOf(hit, text) {
  const box = element("span", "score");
  const number = element("span", "number", hit.score.toFixed(2));
  const bar = element("i", "bar");
  const part = element("i", "");
  part.style.width = `${Math.round(100 * hit.score)}%`;
  bar.append(part);
  box.append(bar, number);
  const parts = [`${text.score} ${hit.score.toFixed(2)}`, fill(text.similarity, { value: hit.similarity.toFixed(2) })];
  if (hit.matching !== null) parts.push(fill(text.matching, { value: hit.matching.toFixed(2) }));
  box.title = parts.join(" · ");
  return box;
}

// What was asked, and whether it was seen: a shape, a colour and words say the same.
function evidence(hit, chips, text, view) {
  const list = element("ul", "evidence");
  for (const members of grouped(chips)) {
    const item = element("li", "");
    const region = members[0][1].region;
    const marks = element("span", "marks");
    item.append(element("span", "region", text[region ? `region.${region}` : "region.any"]), marks);
    // What nothing is known of is said once for a garment, not for each of its words.
    const open = { "not-visible": [], untold: [] };
    for (const [place, chip] of members) {
      const [, verdict, score, seen] = hit.evidence.find(([at]) => at === place) ?? [];
      if (open[verdict]) open[verdict].push(chipWords(chip, view.data));
      else if (verdict) {
        // A garment is told by its lengths and shapes only: what was seen stands beside it.
        const says = verdict === "contradicts" || chip.kind === "garment";
        marks.append(verdictMark(verdict, chipWords(chip, view.data), score, seen, text, says));
      }
    }
    for (const [verdict, words] of Object.entries(open)) {
      if (words.length) marks.append(verdictMark(verdict, words.join(" "), null, "", text));
    }
    list.append(item);
  }
  return list;
}

function verdictMark(verdict, words, score, seen, text, says = false) {
  const mark = element("span", `mark ${verdict}`);
  const instead = fill(text.seen, { what: seen });
  mark.append(icon(verdict === "untold" ? "not-visible" : verdict), element("span", "what", words));
  if (score === null) mark.append(element("span", "instead", text[verdict]));
  else mark.append(element("span", "unseen", `: ${text[verdict]}`));
  if (says && seen) mark.append(element("span", "instead", instead));
  const told = [text[verdict], score === null ? "" : `${text.score} ${score.toFixed(2)}`, seen ? instead : ""];
  mark.title = told.filter(Boolean).join(" · ");
  return mark;
}

// What somebody wears, where nothing was asked in words.
function wearing(hit, text, view) {
  const list = element("ul", "wearing");
  list.setAttribute("aria-label", text.wears);
  for (const [region, colours, words] of hit.slots) {
    const item = element("li", "");
    item.append(...colours.map((colour) => swatch(colour, view)), element("span", "", `${text[`region.${region}`]} ${words}`));
    list.append(item);
  }
  return list;
}
