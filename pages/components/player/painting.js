// The canvas over the picture: boxes, names, labels, skeletons, and the spotlight of "only this person".

const BONES = [
  [11, 12], [11, 23], [12, 24], [23, 24], // trunk
  [11, 13], [13, 15], [15, 17], [15, 19], [17, 19], // left arm and hand
  [12, 14], [14, 16], [16, 18], [16, 20], [18, 20], // right arm and hand
  [23, 25], [25, 27], [27, 29], [29, 31], [27, 31], // left leg and foot
  [24, 26], [26, 28], [28, 30], [30, 32], [28, 32], // right leg and foot
  [0, 2], [2, 7], [0, 5], [5, 8], // head
];
const JOINTS = [0, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28];
const SEEN = 0.5; // visibility from which a point is drawn
const DIM = "rgb(0 0 0 / 0.66)";
const CASING = "rgb(255 255 255 / 0.85)"; // around every line, so that it stands out from any picture
const TEXT_PX = 12;
const LINE_PX = 18;

// Where the picture lies in the element: the rest is black bars.
function pictureArea(video, data, width, height) {
  const w = video.videoWidth || data.width;
  const h = video.videoHeight || data.height;
  const scale = Math.min(width / w, height / h);
  const area = { width: w * scale, height: h * scale };
  return { ...area, left: (width - area.width) / 2, top: (height - area.height) / 2 };
}

// Draws people, given as [{box, interpolated, points, colour, title, words, chosen}], all in pixels of the footage.
function paint(canvas, area, data, people, shown, only) {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  const x = (value) => area.left + (value / data.width) * area.width;
  const y = (value) => area.top + (value / data.height) * area.height;
  const placed = people.map((one) => {
    const [x1, y1, x2, y2] = one.box;
    return { ...one, left: x(x1), top: y(y1), right: x(x2), bottom: y(y2) };
  });
  if (only) spotlight(pen, area, placed);
  placed.sort((a, b) => a.chosen - b.chosen); // whom one looks at lies on top
  for (const one of placed) {
    if (shown.skeletons && one.points) skeleton(pen, one, x, y);
    if (shown.boxes) frame(pen, one);
  }
  for (const one of placed) captions(pen, one, shown, area);
  return placed;
}

function spotlight(pen, area, placed) {
  pen.beginPath();
  pen.rect(area.left, area.top, area.width, area.height);
  for (const one of placed) pen.roundRect(one.left - 4, one.top - 4, one.right - one.left + 8, one.bottom - one.top + 8, 6);
  pen.fillStyle = DIM;
  pen.fill("evenodd");
}

function frame(pen, one) {
  const thick = one.chosen ? 3.5 : 2;
  const box = () => {
    pen.beginPath();
    pen.roundRect(one.left, one.top, one.right - one.left, one.bottom - one.top, 3);
    pen.stroke();
  };
  pen.setLineDash(one.interpolated ? [7, 5] : []);
  pen.lineWidth = thick + 2;
  pen.strokeStyle = CASING;
  box();
  pen.lineWidth = thick;
  pen.strokeStyle = one.colour;
  box();
  pen.setLineDash([]);
}

function skeleton(pen, one, x, y) {
  const there = (index) => one.points[index].seen >= SEEN;
  const bones = () => {
    pen.beginPath();
    for (const [from, to] of BONES) {
      if (!there(from) || !there(to)) continue;
      pen.moveTo(x(one.points[from].x), y(one.points[from].y));
      pen.lineTo(x(one.points[to].x), y(one.points[to].y));
    }
    pen.stroke();
  };
  pen.lineCap = "round";
  pen.lineWidth = 4;
  pen.strokeStyle = CASING;
  bones();
  pen.lineWidth = 2;
  pen.strokeStyle = one.colour;
  bones();
  pen.lineCap = "butt";
  pen.fillStyle = "#fff";
  for (const joint of JOINTS.filter(there)) {
    pen.beginPath();
    pen.arc(x(one.points[joint].x), y(one.points[joint].y), 2.2, 0, 2 * Math.PI);
    pen.fill();
  }
}

function captions(pen, one, shown, area) {
  const lines = [];
  if (shown.names) lines.push({ text: one.title, ground: one.colour, weight: 650 });
  if (shown.labels && one.words) lines.push({ text: one.words, ground: "rgb(16 22 21 / 0.78)", weight: 500 });
  if (!lines.length) return;
  const room = area.top + LINE_PX * lines.length;
  let top = one.top >= room ? one.top - LINE_PX * lines.length - 1 : one.top + 2; // within the box where none is left above
  for (const line of lines) {
    pen.font = `${line.weight} ${TEXT_PX}px system-ui, "Noto Sans CJK KR", "Noto Sans KR", sans-serif`;
    const width = pen.measureText(line.text).width + 10;
    const left = Math.max(area.left, Math.min(one.left - 1, area.left + area.width - width));
    pen.fillStyle = line.ground;
    pen.beginPath();
    pen.roundRect(left, top, width, LINE_PX - 1, 3);
    pen.fill();
    pen.fillStyle = "#fff";
    pen.textBaseline = "middle";
    pen.fillText(line.text, left + 5, top + LINE_PX / 2);
    top += LINE_PX;
  }
}

// The person under a point of the canvas: of several boxes the smallest, which is the one most precisely meant.
function personUnder(placed, left, top) {
  const hit = placed.filter((one) => one.left <= left && left <= one.right && one.top <= top && top <= one.bottom);
  const size = (one) => (one.right - one.left) * (one.bottom - one.top);
  return hit.sort((a, b) => size(a) - size(b))[0] ?? null;
}
