// One event under the player: what the model said, the verdict, why, whom it is about, and what was said before.

const END_S = 0.15; // a recording ends before its last instant is heard
const WAIT_MS = 60; // until the player has been handed the same event

const EVENT_MARKUP = `
  <div class="judge of-event">
    <p class="about" role="status"></p>
    <div class="verdicts" role="group"></div>
    <input type="text" class="note" maxlength="2000" />
    <button type="button" class="quietly undo"></button>
    <div class="codes" role="group"></div>
  </div>
  <div class="playing of-event"><button type="button" class="chip loop"></button>
    <button type="button" class="quietly replay"></button>
    <button type="button" class="quietly mark"></button><span class="space"></span><span class="clip"></span></div>
  <div class="markbox" hidden></div>
  <div class="curvebox of-event"></div>
  <div class="grid of-event">
    <section class="why"><h3></h3><div></div></section>
    <section class="person"><h3></h3><div></div></section>
    <section class="history"><h3></h3><div></div></section>
    <section class="elsewhere" hidden><h3></h3><div></div></section>
  </div>`;

function eventPart(parent) {
  const root = parent.appendChild(element("section", "event sl-review"));
  root.tabIndex = -1;
  root.innerHTML = EVENT_MARKUP;
  const find = (selector) => root.querySelector(selector);
  let data = null;
  let now = null;
  let loop = true;
  let ran = false; // it was playing when the player last told
  let about = null; // line of the event that verdicts are about, which is shown or on its way; null for none
  let wait = 0; // number that brings it, 0 where it is shown
  let reason = "";
  let wantsPlay = "";
  let dressed = ""; // the footage whose player was told to draw skeletons
  const curve = new Curve(find(".curvebox"), seek);
  const marking = new Marking(find(".markbox"), { now: () => now ?? data.window?.[0] ?? 0, left: () => root.focus() });
  const other = new Elsewhere(find(".elsewhere"));
  const verdicts = VERDICTS.map((verdict) => {
    const made = button(`verdict ${verdict}`);
    // The second half of a double click would be about the next event.
    made.addEventListener("click", (event) => event.detail < 2 && judge(verdict));
    return made;
  });
  find(".verdicts").append(...verdicts);

  // The player

  function footage() {
    return data.marking.footage;
  }

  function seek(t, play) {
    tellWindow("sightline:seek", { footage: footage(), t, play });
  }

  function onTime({ footage: of, t, playing }) {
    if (!data || of !== footage()) return;
    const before = now;
    now = t;
    if (dressed !== of) {
      dressed = of;
      tellWindow("sightline:show", { footage: of, skeletons: true });
    }
    curve.stand(t);
    if (!data.event) return;
    other.stand(t, playing);
    if (playing) wantsPlay = "";
    else if (wantsPlay === data.event.id && Math.abs(t - data.window[0]) < 0.5) {
      wantsPlay = "";
      seek(data.window[0], true);
    }
    const last = Math.min(data.window[1], data.duration - END_S);
    const over = !playing && ran && t >= data.duration - 2 * END_S; // the recording itself ended
    ran = playing;
    if (loop && (playing || over) && before !== null && before < last && t >= last) seek(data.window[0], true);
  }

  function start(event) {
    wantsPlay = event.id;
    setTimeout(() => data.event?.id === event.id && seek(data.window[0], true), WAIT_MS);
  }

  // The verdict

  function judge(verdict) {
    const note = find(".note").value;
    const told = { kind: "say", event: about?.id ?? "", verdict, reason, note };
    clear();
    hand(told);
  }

  // Reason and note are of one event and never of the next.
  function clear() {
    reason = "";
    find(".note").value = "";
  }

  function turnTo(row) {
    about = row;
    const { text } = data;
    const words = row ? titleOf(row, text) : "";
    find(".about").textContent = wait ? [text.loading, words].filter(Boolean).join(" ") : words;
    verdicts.forEach((made, place) => made.setAttribute("aria-pressed", String(row?.mine === VERDICTS[place])));
  }

  function onOpening({ n, row }) {
    if (!data || (data.n >= n && (data.event?.id ?? "") === (row?.id ?? ""))) return;
    wait = n;
    root.classList.add("waiting");
    clear();
    turnTo(row);
    if (data.event) codes();
  }

  function choose(code) {
    reason = reason === code ? "" : code;
    codes();
  }

  function codes() {
    const { text } = data;
    const chips = data.codes.map((code, place) => {
      const made = button("chip");
      keyed(made, REASON_KEYS[place] ?? "", text[`reason.${code}`] ?? code);
      made.setAttribute("aria-pressed", String(reason === code));
      made.addEventListener("click", () => choose(code));
      return made;
    });
    const box = find(".codes");
    const focused = [...box.children].findIndex((chip) => chip.matches(":focus"));
    box.setAttribute("aria-label", text.reason);
    box.replaceChildren(...chips);
    chips[focused]?.focus({ preventScroll: true });
  }

  // What is shown

  function controls() {
    const { text, event } = data;
    const repeat = find(".loop");
    keyed(repeat, "L", text.loop);
    repeat.title = text["loop.help"];
    repeat.setAttribute("aria-pressed", String(loop));
    find(".replay").textContent = text.replay;
    keyed(find(".mark"), "M", text.mark);
    for (const one of root.querySelectorAll(".of-event")) one.hidden = !event;
    if (!event) return;
    verdicts.forEach((made, place) => keyed(made, VERDICT_KEYS[place], text[`do.${VERDICTS[place]}`]));
    find(".verdicts").setAttribute("aria-label", text.verdict);
    const note = find(".note");
    note.placeholder = text["note.hint"];
    note.setAttribute("aria-label", text.note);
    keyed(find(".undo"), "U", text.undo);
    find(".undo").title = text["undo.help"];
    codes();
    clip();
  }

  function clip() {
    const { text, event } = data;
    const box = find(".clip");
    if (data.clip) {
      const [file, sheet] = data.clip;
      const save = Object.assign(element("a", "quietly", text["clip.save"]), { href: file });
      save.download = `${event.label} ${clock(event.start).replaceAll(":", ".")}.mp4`;
      const open = Object.assign(element("a", "sheet"), { href: sheet, target: "_blank", rel: "noopener" });
      const label = labelled(text, event.label);
      open.append(Object.assign(element("img", ""), { src: sheet, alt: fill(text["clip.sheet"], { label }) }));
      open.title = text["clip.open"];
      box.replaceChildren(open, save);
      return;
    }
    const make = button("quietly", text["clip.make"]);
    make.title = text["clip.help"];
    make.addEventListener("click", () => {
      make.disabled = true;
      make.textContent = text["clip.making"];
      hand({ kind: "clip", event: event.id });
    });
    box.replaceChildren(make);
  }

  function section(name, title, parts) {
    const box = find(`.${name}`);
    box.querySelector("h3").textContent = title;
    box.querySelector("div").replaceChildren(...parts);
  }

  function person() {
    const { text, event } = data;
    if (!event.person) return [element("p", "quiet", text["evidence.none"]), ...made()];
    const crops = element("div", "crops");
    for (const [file, t] of data.crops) {
      const label = fill(text["evidence.crop"], { time: clock(t) });
      const one = button("crop", undefined, label);
      one.title = label;
      const image = Object.assign(element("img", ""), { src: file, alt: "", loading: "lazy" });
      image.addEventListener("error", () => image.remove());
      one.append(image);
      one.addEventListener("click", () => seek(t, false));
      crops.append(one);
    }
    return [crops, strip(), ...made()];
  }

  // When they are in view over the whole recording, and where in it the event lies.
  function strip() {
    const box = element("div", "strip");
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", data.text["evidence.strip"]);
    box.title = data.text["evidence.strip"];
    const piece = (name, [start, end]) => {
      const one = element("i", name);
      one.style.left = `${(100 * start) / data.duration}%`;
      one.style.width = `${(100 * (end - start)) / data.duration}%`;
      return one;
    };
    box.append(...data.spans.map((span) => piece("seen", span)), piece("here", [data.event.start, data.event.end]));
    box.addEventListener("click", (event) => seek((event.offsetX / box.clientWidth) * data.duration, false));
    return box;
  }

  function made() {
    const { text, event } = data;
    const by = event.by
      ? fill(text["made.hand"], { person: event.by })
      : fill(text["made.by"], { model: event.model, version: event.version, run: event.run });
    const list = element("dl", "made");
    list.append(element("dt", "", text.made), element("dd", "", by));
    return [list];
  }

  function history() {
    const { text } = data;
    if (!data.history.length) return [element("p", "quiet", text["history.none"])];
    const list = element("ol", "said-list");
    for (const [who, verdict, code, note, when] of data.history) {
      const item = element("li", "");
      const head = element("span", "head");
      head.append(element("b", "", who), verdict ? verdictMark(verdict, text) : element("span", "", text["verdict.back"]));
      if (code) head.append(element("span", "tag", text[`reason.${code}`] ?? code));
      head.append(element("span", "quiet when", when));
      item.append(head);
      if (note) item.append(element("p", "", note));
      list.append(item);
    }
    return [list];
  }

  // What is done

  const acts = {
    l: () => {
      loop = !loop;
      find(".loop").setAttribute("aria-pressed", String(loop));
    },
    m: () => marking.show(),
    n: () => {
      find(".note").focus();
      find(".note").scrollIntoView({ block: "nearest" });
    },
  };
  VERDICTS.forEach((verdict, place) => (acts[VERDICT_KEYS[place]] = () => judge(verdict)));
  REASON_KEYS.forEach((key, place) => (acts[key] = () => data.codes[place] && choose(data.codes[place])));

  function onKey(event) {
    if (!data || event.key !== " " || event.shiftKey || !forThePage(event)) return;
    // The player hears it itself where nothing has the focus.
    const [target] = event.composedPath();
    const ours = event.composedPath().some((one) => one.classList?.contains("sl-review"));
    if (!ours || target.matches?.("button:not([aria-current]), a")) return;
    event.preventDefault();
    tellWindow("sightline:toggle", { footage: footage() });
  }

  find(".loop").addEventListener("click", acts.l);
  find(".replay").addEventListener("click", () => seek(data.window[0], true));
  find(".mark").addEventListener("click", acts.m);
  find(".undo").addEventListener("click", () => hand({ kind: "undo" }));
  find(".note").addEventListener("keydown", (event) => {
    event.stopPropagation(); // the player listens for keys too
    if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    root.focus({ preventScroll: true });
  });
  root.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (pressed && event.detail > 0 && !marking.open) root.focus({ preventScroll: true });
  });
  root.ontransitionrun = () => curve.draw(); // the theme changed: see the style sheet

  const part = {
    report: () => {},
    hears: {
      keydown: onKey,
      "sightline:time": ({ detail }) => onTime(detail),
      "sightline:select": ({ detail }) => data && detail.footage === footage() && marking.choose(detail.person),
      "sightline:review:mark": () => data && marking.show(),
      "sightline:review:key": ({ detail }) => {
        if (!data?.event || !root.isConnected) return;
        detail.taken = true;
        acts[detail.key]?.();
      },
      "sightline:review:opening": ({ detail }) => onOpening(detail),
    },
    update(next) {
      const before = data;
      const fresh = before?.event?.id !== next.event?.id;
      data = next;
      if (fresh && !wait) clear();
      if (next.n >= wait) {
        wait = 0;
        root.classList.remove("waiting");
      }
      if (before?.marking.footage !== next.marking.footage) now = null;
      if (fresh) {
        marking.open = false;
        const moved = before?.event && next.event && !matchMedia("(prefers-reduced-motion: reduce)").matches;
        if (moved) start(next.event);
      }
      root.setAttribute("aria-label", next.text.event);
      controls();
      marking.update(next);
      if (!wait) turnTo(next.event);
      if (!next.event) {
        if (!marking.open) marking.show();
        return;
      }
      curve.now = now;
      curve.update(next);
      section("why", next.text.why, reasonsOf(next, seek));
      section("person", next.text.evidence, person());
      section("history", next.text.history, history());
      other.update(next);
      tellWindow("sightline:review:shown", {});
    },
  };
  return part;
}
