// The picture of the point of a chart that the pointer is on. The chart is Plotly's, elsewhere on the page; the picture
// is hung into the page's body, where nothing clips it.

const LOOK_MS = 400; // between two looks whether the chart was drawn anew

export default function ({ data, parentElement }) {
  const board = (parentElement.sightline ??= build());
  board.chart = data.chart;
  const timer = setInterval(board.attach, LOOK_MS);
  board.attach();
  return () => {
    clearInterval(timer);
    board.hide();
    board.card.remove();
  };
}

function build() {
  const card = document.createElement("div");
  card.className = "sl-hover";
  card.setAttribute("aria-hidden", "true"); // the title is in Plotly's own label
  const picture = card.appendChild(new Image());
  picture.alt = "";
  let last = { x: 0, y: 0 };
  const board = { chart: "", card, attach, hide };
  let graph = null;

  function attach() {
    const found = document.querySelector(`.st-key-${board.chart} .js-plotly-plot`);
    if (!found || found === graph || typeof found.on !== "function") return;
    graph = found;
    graph.addEventListener("pointermove", (event) => (last = { x: event.clientX, y: event.clientY }), true);
    graph.addEventListener("pointerleave", hide);
    graph.on("plotly_hover", show);
    graph.on("plotly_unhover", hide);
    graph.on("plotly_selecting", hide);
  }

  function show(told) {
    const address = told.points?.[0]?.customdata?.[1];
    if (!address) return;
    const at = told.event?.clientX === undefined ? last : { x: told.event.clientX, y: told.event.clientY };
    if (picture.getAttribute("src") !== address) picture.src = address;
    if (!card.isConnected) document.body.append(card);
    // Below the point, or above it: the title stands beside it.
    const [wide, high, gap] = [150, 210, 22];
    const below = at.y + gap + high < innerHeight;
    card.style.left = `${Math.max(8, Math.min(at.x - wide / 2, innerWidth - wide - 8))}px`;
    card.style.top = below ? `${at.y + gap}px` : "auto";
    card.style.bottom = below ? "auto" : `${innerHeight - at.y + gap}px`;
    card.dataset.point = String(told.points[0].customdata[0]);
    card.classList.add("shown");
  }

  function hide() {
    card.classList.remove("shown");
  }

  return board;
}
