// Why an event was raised, in words; and a body whose joints are as large as they weighed.

const PLACES = {
  // The person faces us: their left is on our right.
  head: [50, 12], left_shoulder: [66, 30], right_shoulder: [34, 30], left_elbow: [76, 49], right_elbow: [24, 49],
  left_wrist: [80, 68], right_wrist: [20, 68], left_hip: [60, 66], right_hip: [40, 66], left_knee: [63, 92],
  right_knee: [37, 92], left_ankle: [65, 118], right_ankle: [35, 118],
};
const LIMBS = [
  ["left_shoulder", "right_shoulder"], ["left_shoulder", "left_elbow"], ["left_elbow", "left_wrist"],
  ["right_shoulder", "right_elbow"], ["right_elbow", "right_wrist"], ["left_shoulder", "left_hip"],
  ["right_shoulder", "right_hip"], ["left_hip", "right_hip"], ["left_hip", "left_knee"], ["left_knee", "left_ankle"],
  ["right_hip", "right_knee"], ["right_knee", "right_ankle"],
];
const NAMED = 2; // joints that the sentence names

function joined(name) {
  return name.replaceAll(/[ -]/g, "_");
}

function jointWord(text, name) {
  return text[`joint.${joined(name)}`] ?? name;
}

function reasonsOf(data, seek) {
  const { text, event } = data;
  const of = (kind) => data.reasons.filter((reason) => reason[0] === kind);
  const [joints, windows, rules] = [of("joint"), of("window"), of("rule")];
  const made = [];
  if (event.by) made.push(element("p", "", fill(text["why.manual"], { person: event.by })));
  else if (!data.reasons.length) made.push(element("p", "quiet", text["why.none"]));
  if (joints.length) {
    made.push(element("p", "", sentence(joints, windows[0], data)));
    const both = element("div", "weights");
    both.append(body(joints, text), bars(joints, text));
    made.push(both);
  }
  for (const [, name, , start, end] of rules) {
    const words = text[`rule.${joined(name)}`] ?? name.replaceAll(/[-_]/g, " ");
    const line = element("p", "rule", words);
    line.prepend(moment(start, end, seek, text));
    made.push(line);
  }
  if (windows.length) made.push(element("h4", "", text["why.windows"]), stretches(windows, seek, text));
  for (const [footage, from, to, here, hereScore, there, thereScore] of data.contrary ?? []) {
    const words = { here: labelled(text, here), there: labelled(text, there), from: clock(from), to: clock(to), footage };
    const scores = { here_score: hereScore.toFixed(2), there_score: thereScore.toFixed(2) };
    made.push(element("p", "contrary", fill(text["why.other"], { ...words, ...scores })));
  }
  return made;
}

function sentence(joints, strongest, { text, event }) {
  const names = joints.slice(0, NAMED).map(([, name]) => fill(text["why.joint"], { joint: jointWord(text, name) }));
  const values = { label: labelled(text, event.label), joints: names.join(text["why.and"]) };
  if (!strongest) return fill(text["why.joints.all"], values);
  return fill(text["why.joints"], { ...values, from: clock(strongest[3]), to: clock(strongest[4]) });
}

function body(joints, text) {
  const weights = Object.fromEntries(joints.map(([, name, weight]) => [joined(name), weight]));
  const most = Math.max(...Object.values(weights), 1e-6);
  const lines = LIMBS.map(([from, to]) => {
    const [[x1, y1], [x2, y2]] = [PLACES[from], PLACES[to]];
    return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
  });
  const dots = Object.entries(PLACES).map(([name, [x, y]]) => {
    const share = (weights[name] ?? 0) / most;
    const plain = name === "head" && !share ? 7 : 2.5;
    return `<circle cx="${x}" cy="${y}" r="${share ? 4 + 6 * share : plain}" class="${share ? "heavy" : ""}"/>`;
  });
  const box = element("div", "figure");
  box.innerHTML = `<svg viewBox="5 0 90 128" role="img">${lines.join("")}${dots.join("")}</svg>`;
  box.firstChild.setAttribute("aria-label", text["why.figure"]);
  return box;
}

function bars(joints, text) {
  const list = element("ul", "bars");
  list.setAttribute("aria-label", text["why.weights"]);
  const most = Math.max(...joints.map(([, , weight]) => weight), 1e-6);
  for (const [, name, weight] of joints) {
    const item = element("li", "");
    const bar = element("i", "");
    bar.style.width = `${(100 * weight) / most}%`;
    const track = element("span", "track");
    track.append(bar);
    item.append(element("span", "", jointWord(text, name)), track, element("span", "number", percent(weight)));
    list.append(item);
  }
  return list;
}

function stretches(windows, seek, text) {
  const list = element("ul", "stretches");
  for (const [, name, weight, start, end] of windows) {
    const item = element("li", "");
    item.append(moment(start, end, seek, text), `${labelled(text, name)} ${weight.toFixed(2)}`);
    list.append(item);
  }
  return list;
}

function moment(start, end, seek, text) {
  const made = button("time", `${clock(start)} – ${clock(end)}`, fill(text["evidence.crop"], { time: clock(start) }));
  made.addEventListener("click", () => seek(start, true));
  return made;
}
