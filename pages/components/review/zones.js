// Counter and shelves drawn on the picture of a recording: corners are dragged, or moved with the arrow keys.

const GRID = 1000; // the picture's width and height in the drawing's own units
const STEP = 0.01;
const FEWEST = 3;
const KINDS = ["counter", "shelf"];
const SVG = "http://www.w3.org/2000/svg";
const FRESH = { counter: [0.3, 0.6, 0.7, 0.9], shelf: [0.1, 0.15, 0.4, 0.5] };

function zonesPart(parent) {
  const root = parent.appendChild(element("section", "zones sl-review"));
  root.innerHTML = `
    <div class="bar"><button type="button" class="quietly" data-add="counter"></button>
      <button type="button" class="quietly" data-add="shelf"></button><span class="space"></span>
      <span class="quiet state" role="status"></span><button type="button" class="primary save"></button></div>
    <div class="plan"><img alt="" /><svg viewBox="0 0 ${GRID} ${GRID}" preserveAspectRatio="none" aria-hidden="true"></svg>
      <div class="corners"></div></div>
    <ul class="drawn"></ul>`;
  const find = (selector) => root.querySelector(selector);
  const [image, drawing, corners] = [find("img"), find("svg"), find(".corners")];
  let data = null;
  let zones = []; // [{name, points}]
  let stored = "";
  let sent = 0;
  const told = () => JSON.stringify(zones.map(({ name, points }) => [name, points]));

  function zoneWord(name) {
    return data.text[`zones.zone.${name}`];
  }

  function draw() {
    drawing.replaceChildren(
      ...zones.map(({ name, points }) => {
        const shape = document.createElementNS(SVG, "polygon");
        shape.setAttribute("points", points.map(([x, y]) => `${x * GRID},${y * GRID}`).join(" "));
        shape.setAttribute("class", name);
        return shape;
      }),
    );
    zones.forEach(({ points }, zone) => points.forEach((point, corner) => place(handleOf(zone, corner), point)));
    const changed = told() !== stored;
    find(".save").disabled = !changed;
    find(".state").textContent = changed ? data.text["zones.changed"] : sent ? data.text["zones.saved"] : "";
  }

  function place(handle, [x, y]) {
    if (!handle) return;
    handle.style.left = `${100 * x}%`;
    handle.style.top = `${100 * y}%`;
  }

  function handleOf(zone, corner) {
    return corners.querySelector(`[data-zone="${zone}"][data-corner="${corner}"]`);
  }

  function rebuild(zone = -1, corner = 0) {
    const { text } = data;
    const handles = zones.flatMap(({ name, points }, at) =>
      points.map((_, number) => {
        const values = { zone: zoneWord(name), number: number + 1, all: points.length };
        const made = button(`corner ${name}`, undefined, fill(text["zones.corner"], values));
        Object.assign(made.dataset, { zone: at, corner: number });
        return made;
      }),
    );
    corners.replaceChildren(...handles);
    find(".drawn").replaceChildren(
      ...zones.map(({ name }, at) => {
        const item = element("li", name, zoneWord(name));
        const remove = button("quietly", "×", fill(text["zones.remove"], { zone: zoneWord(name) }));
        remove.title = remove.getAttribute("aria-label");
        remove.addEventListener("click", () => {
          zones.splice(at, 1);
          rebuild();
          find("[data-add]").focus();
        });
        item.append(remove);
        return item;
      }),
    );
    draw();
    handleOf(zone, corner)?.focus({ preventScroll: true });
  }

  function add(name) {
    const [x1, y1, x2, y2] = FRESH[name];
    zones.push({ name, points: [[x1, y1], [x2, y1], [x2, y2], [x1, y2]] });
    rebuild(zones.length - 1, 0);
  }

  const held = (value) => Math.round(1e4 * Math.min(Math.max(value, 0), 1)) / 1e4;

  corners.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".corner");
    if (!handle) return;
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (move) => {
      const area = corners.getBoundingClientRect();
      const point = [held((move.clientX - area.left) / area.width), held((move.clientY - area.top) / area.height)];
      zones[handle.dataset.zone].points[handle.dataset.corner] = point;
      draw();
    };
    handle.onpointerup = handle.onpointercancel = () => (handle.onpointermove = null);
  });
  corners.addEventListener("keydown", (event) => {
    const handle = event.target.closest(".corner");
    if (!handle) return;
    const [zone, corner] = [Number(handle.dataset.zone), Number(handle.dataset.corner)];
    const { points } = zones[zone];
    const [x, y] = points[corner];
    const by = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (by) points[corner] = [held(x + by[0]), held(y + by[1])];
    else if (event.key === "Insert") {
      const [nextX, nextY] = points[(corner + 1) % points.length];
      points.splice(corner + 1, 0, [held((x + nextX) / 2), held((y + nextY) / 2)]);
    } else if (event.key === "Delete" && points.length > FEWEST) points.splice(corner, 1);
    else return;
    event.preventDefault();
    event.stopPropagation(); // the player would jump
    if (by) draw();
    else rebuild(zone, event.key === "Insert" ? corner + 1 : Math.min(corner, points.length - 1));
  });
  for (const name of KINDS) find(`[data-add="${name}"]`).addEventListener("click", () => add(name));
  find(".save").addEventListener("click", () => {
    sent += 1;
    stored = told();
    hand({ kind: "zones", footage: data.footage, zones: JSON.parse(stored) });
    draw();
  });
  image.addEventListener("error", () => {
    image.hidden = true;
    find(".plan").dataset.problem = data.text["zones.nopicture"];
  });

  return {
    report: () => {},
    hears: {},
    update(next) {
      const fresh = !data;
      data = next;
      const kept = JSON.stringify(next.zones);
      // What is being drawn stays; what the page has stored counts where nothing is.
      if (fresh || told() === stored) zones = next.zones.map(([name, points]) => ({ name, points: points.map((one) => [...one]) }));
      stored = kept;
      image.src = next.picture;
      image.alt = fill(next.text["zones.picture"], { name: next.name });
      find(".plan").style.aspectRatio = next.size.join(" / ");
      for (const name of KINDS) find(`[data-add="${name}"]`).textContent = next.text[`zones.add.${name}`];
      find(".save").textContent = next.text["zones.save"];
      rebuild();
    },
  };
}
