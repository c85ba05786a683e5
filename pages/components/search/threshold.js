// The least score: a slider over the distribution of the scores of everybody who was searched.

const STEPS = 100;
const BARS = 50;
const REST_MS = 250;

function threshold(view) {
  const node = element("div", "threshold");
  const label = element("label", "thresholdname");
  const scale = element("div", "scale");
  const bars = element("div", "bars");
  bars.setAttribute("aria-hidden", "true");
  const slider = element("input", "");
  Object.assign(slider, { type: "range", min: 0, max: STEPS, step: 1, id: "search-threshold" });
  label.htmlFor = slider.id;
  const value = element("output", "value");
  const below = element("span", "below");
  below.setAttribute("role", "status");
  scale.append(bars, slider);
  node.append(label, scale, value, below);
  let under = [0];
  let dragged = false;
  let resting = 0;

  slider.addEventListener("input", () => {
    dragged = true;
    say();
    view.cut(Number(slider.value) / STEPS);
  });
  slider.addEventListener("change", () => {
    // Keys move it step by step: only where it comes to rest is asked for.
    clearTimeout(resting);
    resting = setTimeout(() => {
      dragged = false;
      view.ask({ min: slider.value === "0" ? "" : String(Number(slider.value) / STEPS) });
    }, REST_MS);
  });
  slider.addEventListener("keydown", (event) => event.stopPropagation());

  const drawBars = drawer(bars, (spread) => {
    const counts = Array.from({ length: BARS }, (_, at) => spread[2 * (at + 1)] - spread[2 * at]);
    const most = Math.max(1, ...counts);
    return counts.map((count) => {
      const bar = element("i", "");
      // A single person must be seen beside hundreds: the root lets small bars stand out.
      bar.style.height = count ? `${Math.max(8, 100 * Math.sqrt(count / most))}%` : "0";
      return bar;
    });
  });

  function say() {
    const at = Number(slider.value);
    value.textContent = (at / STEPS).toFixed(2);
    const count = under[at] ?? 0;
    below.textContent = fill(view.data.text[`below.${form(count)}`], { count: count.toLocaleString() });
    below.classList.toggle("some", count > 0);
    slider.setAttribute("aria-valuetext", `${value.textContent}, ${below.textContent}`);
    [...bars.children].forEach((bar, place) => bar.classList.toggle("out", 2 * place < at));
  }

  function update({ answer, ask, text }) {
    node.hidden = !answer || !answer.considered;
    label.textContent = text.threshold;
    node.title = text["threshold.help"];
    under = answer?.under ?? [0];
    drawBars([...under.slice(0, STEPS), answer?.considered ?? 0]);
    if (!dragged) slider.value = String(Math.round(Number(ask.min || 0) * STEPS));
    say();
  }
  return { node, update };
}
