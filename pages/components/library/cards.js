// Cards and rows: how one recording looks.

function fillIn(place, items, view, table) {
  const active = place.getRootNode().activeElement;
  const held = active && place.contains(active) ? { id: active.closest("[data-footage]")?.dataset.footage, act: active.dataset.act } : null;
  const nodes = items.map((item) => nodeOf(item, view, table));
  const wanted = new Set(nodes);
  for (const node of [...place.children]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, at) => {
    if (place.children[at] !== node) place.insertBefore(node, place.children[at] ?? null);
  });
  if (held?.id && place.getRootNode().activeElement !== active) {
    place.querySelector(`[data-footage="${held.id}"] [data-act="${held.act}"]`)?.focus();
  }
}

function nodeOf(item, view, table) {
  const drawn = JSON.stringify([table, item]);
  const known = view.drawn.get(item.id);
  const node = known?.drawn === drawn ? known.node : table ? row(item, view) : card(item, view);
  if (node !== known?.node) {
    node.dataset.footage = item.id;
    view.drawn.set(item.id, { drawn, node });
    const live = view.live.get(item.id);
    if (item.state === "working") drawProgress(node, { ...item.job, ...live }, view.data);
  }
  node.classList.toggle("chosen", item.id === view.data.chosen);
  if (item.id === view.data.chosen) node.setAttribute("aria-current", "true");
  else node.removeAttribute("aria-current");
  return node;
}

function card(item, view) {
  const { text } = view.data;
  const node = element("li", "card");
  const body = element("div", "body");
  const name = button("name", item.name, () => choose(item, view));
  name.title = item.name;
  name.dataset.act = "name";
  const facts = element("div", "facts", [item.camera, item.when].filter(Boolean).join(" · ") || item.line);
  facts.title = [item.line, item.camera, item.when].filter(Boolean).join(" · ");
  body.append(name, facts);
  if (item.tags.length) body.append(tags(item, view));
  const foot = element("div", "foot");
  foot.append(standing(item, view), actions(item, view));
  body.append(foot);
  const pic = picture(item, view);
  pic.append(element("span", "badge length", item.length));
  if (item.alerts) {
    const badge = element("span", "badge alert", `⚠ ${item.alerts}`);
    badge.title = item.alert;
    pic.append(badge);
  }
  pic.setAttribute("aria-label", [fill(text.details, { name: item.name }), item.length, item.alert].filter(Boolean).join(", "));
  node.append(pic, body);
  return node;
}

function row(item, view) {
  const node = element("tr", "row");
  const cell = (name, ...parts) => {
    const made = element("td", name);
    made.append(...parts);
    node.append(made);
  };
  const pic = picture(item, view);
  pic.setAttribute("aria-label", fill(view.data.text.details, { name: item.name }));
  cell("thumb", pic);
  const name = button("name", item.name, () => choose(item, view));
  name.title = `${item.name} · ${item.line}`;
  name.dataset.act = "name";
  if (item.tags.length) cell("title", name, tags(item, view));
  else cell("title", name);
  cell("number", item.length);
  cell("number", item.people === null ? "" : String(item.people));
  const alert = element("span", item.alerts ? "warning" : "", item.alerts ? `⚠ ${item.alerts}` : "");
  alert.title = item.alert;
  cell("number", alert);
  cell("", standing(item, view, true));
  cell("camera", item.camera);
  cell("when", item.when);
  cell("", actions(item, view));
  return node;
}

function choose(item, view) {
  view.data.chosen = view.data.chosen === item.id ? "" : item.id;
  view.arrange();
  view.emit("choose", view.data.chosen);
}

// The picture: mouse or arrow keys run through the recording's thumbnails.

function picture(item, view) {
  const node = button("pic", undefined, () => choose(item, view));
  node.dataset.act = "pic";
  const media = `/sightline/media/${item.id}`;
  const image = element("img", "poster");
  image.alt = "";
  image.loading = "lazy";
  image.decoding = "async";
  if (item.poster) image.src = `${media}/poster.jpg`;
  else image.hidden = true;
  image.addEventListener("error", () => (image.hidden = true));
  node.append(image);
  if (!item.thumbs) return node;
  const still = element("img", "still");
  still.alt = "";
  still.hidden = true;
  const mark = element("span", "mark");
  node.append(still, mark);
  let at = -1;
  const show = (number) => {
    at = number;
    still.hidden = at < 0;
    mark.hidden = at < 0;
    if (at < 0) return;
    still.src = `${media}/thumbs/${at}.jpg`;
    mark.style.left = `${((at + 0.5) / item.thumbs) * 100}%`;
    mark.dataset.t = clock(((at + 0.5) / item.thumbs) * item.seconds);
  };
  mark.hidden = true;
  node.addEventListener("pointerenter", () => {
    if (node.loaded) return;
    node.loaded = true; // so that running through them does not wait for each
    for (let number = 0; number < item.thumbs; number++) new Image().src = `${media}/thumbs/${number}.jpg`;
  });
  node.addEventListener("pointermove", (event) => {
    const box = node.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    show(Math.max(0, Math.min(item.thumbs - 1, Math.floor(share * item.thumbs))));
  });
  node.addEventListener("pointerleave", () => show(-1));
  node.addEventListener("blur", () => show(-1));
  node.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    show(Math.max(0, Math.min(item.thumbs - 1, at + step)));
  });
  return node;
}

function tags(item, view) {
  const box = element("div", "tags");
  for (const tag of item.tags) {
    const chip = button("tag", tag, () => {
      view.choice.tag = view.choice.tag && same(view.choice.tag, tag) ? "" : tag;
      view.rechoose();
    });
    chip.dataset.act = `tag ${tag}`;
    chip.setAttribute("aria-label", fill(view.data.text["tag.filter"], { tag }));
    box.append(chip);
  }
  return box;
}

// How far the analysis is, and what can be done about it

function standing(item, view, short = false) {
  const { text } = view.data;
  const box = element("div", `standing ${item.state}`);
  if (item.state === "working") {
    box.innerHTML = `<span class="word"></span><div class="progress" role="progressbar" aria-valuemin="0" aria-valuemax="100"><div></div></div>`;
    return box;
  }
  const word = element("span", "word", item.state === "done" ? (short ? text["state.done"] : item.found) : text[`state.${item.state}`]);
  box.append(word);
  if (item.state === "failed" && item.job.error) {
    const why = element("span", "why", item.job.error);
    why.title = item.job.error;
    box.append(why);
  }
  return box;
}

function drawProgress(node, job, data) {
  const bar = node.querySelector(".progress");
  if (!bar) return;
  const running = job.state === "running";
  const percent = running ? Math.round(100 * job.fraction) : 0;
  const { text } = data;
  const parts = running ? [data.stages[job.stage] ?? (job.stage || text["state.running"]), `${percent}%`] : [text["state.queued"]];
  if (running && job.left !== null && job.left !== undefined) parts.push(fill(text.left, { length: lasting(job.left, text) }));
  const word = parts.join(" · ");
  const label = node.querySelector(".standing .word");
  if (label.textContent !== word) label.textContent = label.title = word;
  bar.firstElementChild.style.width = `${percent}%`;
  bar.setAttribute("aria-valuenow", percent);
  bar.setAttribute("aria-valuetext", word);
  bar.setAttribute("aria-label", node.querySelector(".name").textContent);
}

function actions(item, view) {
  const { text } = view.data;
  const box = element("div", "actions");
  const add = (kind, word, name = "") => {
    const made = button(`act ${name}`, word, () => {
      made.disabled = true; // until the page answers: a second press would ask again
      setTimeout(() => (made.disabled = false), 3000);
      view.emit(kind, item.id);
    });
    made.dataset.act = kind;
    made.setAttribute("aria-label", `${word}: ${item.name}`);
    box.append(made);
  };
  if (item.state === "working") add("cancel", text.cancel);
  else if (item.state === "failed" || item.state === "cancelled") add("retry", text.retry);
  else if (item.state === "new") add("analyse", text.analyse, "first");
  if (item.run) {
    const link = element("a", "act", text.people);
    link.href = `people?footage=${item.id}`;
    link.dataset.act = "people";
    link.setAttribute("aria-label", `${text.people}: ${item.name}`);
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return; // a new tab is the browser's
      event.preventDefault();
      view.emit("people", item.id);
    });
    box.append(link);
  }
  return box;
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
