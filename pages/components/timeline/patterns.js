// A colour and a pattern for every label, so that nobody has to tell them by colour alone.

const TILE = 8; // pixels of the page; patterns repeat after so many

const STROKES = {
  solid: () => {},
  slash: (pen) => lines(pen, [[-2, 2, 2, -2], [0, 8, 8, 0], [6, 10, 10, 6]]),
  backslash: (pen) => lines(pen, [[-2, 6, 2, 10], [0, 0, 8, 8], [6, -2, 10, 2]]),
  cross: (pen) => lines(pen, [[0, 8, 8, 0], [0, 0, 8, 8]]),
  lines: (pen) => lines(pen, [[0, 2, 8, 2], [0, 6, 8, 6]]),
  bars: (pen) => lines(pen, [[2, 0, 2, 8], [6, 0, 6, 8]]),
  grid: (pen) => lines(pen, [[0, 4, 8, 4], [4, 0, 4, 8]]),
  chevron: (pen) => lines(pen, [[0, 0, 4, 4], [4, 4, 0, 8], [4, 0, 8, 4], [8, 4, 4, 8]]),
  dots: (pen) => dots(pen, [[2, 2], [6, 6]], 1.3),
  quiet: (pen) => dots(pen, [[2, 4], [6, 4]], 0.8),
};

function lines(pen, strokes) {
  pen.beginPath();
  for (const [x1, y1, x2, y2] of strokes) {
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
  }
  pen.stroke();
}

function dots(pen, places, radius) {
  pen.beginPath();
  for (const [x, y] of places) {
    pen.moveTo(x + radius, y);
    pen.arc(x, y, radius, 0, 7);
  }
  pen.fill();
}

// Looks of labels: {color, solid(): fill style, tile(): a canvas of TILE x TILE, pattern(pen): its canvas pattern}.
function looks(palette) {
  const known = new Map();
  return (label) => {
    if (!known.has(label)) {
      const order = [...label].reduce((sum, letter) => sum + letter.codePointAt(0), 0);
      const [color, kind] = palette.labels[label] ?? [palette.persons[order % palette.persons.length], "solid"];
      known.set(label, { color, kind, tiles: new Map() });
    }
    return known.get(label);
  };
}

function tileOf(look, density) {
  if (!look.tiles.has(density)) {
    const tile = made("canvas");
    tile.width = tile.height = Math.round(TILE * density);
    const pen = tile.getContext("2d");
    pen.scale(tile.width / TILE, tile.height / TILE);
    const quiet = look.kind === "quiet";
    if (!quiet) {
      pen.fillStyle = look.color;
      pen.fillRect(0, 0, TILE, TILE);
    }
    pen.strokeStyle = pen.fillStyle = quiet ? look.color : "rgb(255 255 255 / 0.5)";
    pen.lineWidth = 1.1;
    STROKES[look.kind](pen);
    look.tiles.set(density, { tile, pattern: null, url: "" });
  }
  return look.tiles.get(density);
}

function patternOf(look, pen, density) {
  const kept = tileOf(look, density);
  if (!kept.pattern) {
    kept.pattern = pen.createPattern(kept.tile, "repeat");
    kept.pattern.setTransform(new DOMMatrix().scale(TILE / kept.tile.width));
  }
  return kept.pattern;
}

function swatch(look) {
  const kept = tileOf(look, 2);
  kept.url ||= kept.tile.toDataURL();
  const box = made("span", "swatch");
  box.style.background = `url(${kept.url}) 0 0 / ${TILE}px`;
  return box;
}
