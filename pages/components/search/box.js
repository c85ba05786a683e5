// The one box, and the photograph beside it.

const PHOTO_MB = 12;
const PHOTO_SIDE = 1600; // pixels of the longer side that are sent: more than any crop has

function searchBox(view) {
  const form = element("form", "box");
  form.setAttribute("role", "search");
  const field = element("input", "field");
  Object.assign(field, { type: "search", enterKeyHint: "search", autocomplete: "off", spellcheck: false, maxLength: 1000 });
  const file = element("input", "");
  Object.assign(file, { type: "file", accept: "image/*", hidden: true, tabIndex: -1 });
  const photo = button("photo", undefined, () => file.click());
  photo.append(icon("photo"));
  const go = element("button", "go");
  go.type = "submit";
  form.append(icon("find"), field, photo, file, go);
  const problem = element("p", "problem");
  problem.setAttribute("role", "alert");

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    problem.textContent = "";
    const text = field.value.trim();
    view.ask({ q: text, similar: "", photo: "", ...(view.data.ask.q ? {} : { min: "" }), top: "" });
  });
  field.addEventListener("keydown", (event) => {
    event.stopPropagation(); // what is typed here is nobody's shortcut
    if (event.isComposing) return;
    if (event.key === "ArrowDown") {
      event.preventDefault();
      view.focusResult(0);
    }
  });
  // The cross of the field empties it: that is an end of the search, not a search for nothing.
  field.addEventListener("search", () => {
    if (!field.value && view.data.ask.q) view.ask({ q: "" });
  });
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    file.value = "";
    if (chosen) await send(chosen);
  });
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    const dropped = [...event.dataTransfer.files].find((one) => one.type.startsWith("image/"));
    if (!dropped) return;
    event.preventDefault();
    send(dropped);
  });

  async function send(chosen) {
    problem.textContent = "";
    const small = await shrunk(chosen);
    if (small.size > PHOTO_MB * 2 ** 20) {
      problem.textContent = fill(view.data.text["photo.large"], { limit: PHOTO_MB });
      return;
    }
    const bytes = new Uint8Array(await small.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    view.busy(true);
    view.sendPhoto({ name: chosen.name, data: btoa(text) });
  }

  let typed = null;
  function update({ ask, text }) {
    field.placeholder = text.hint;
    field.setAttribute("aria-label", text.box);
    field.title = text.key;
    photo.title = text.photo;
    photo.setAttribute("aria-label", text.photo);
    go.textContent = text.go;
    // Another query came back: from a chip, a saved search, the way back. What is being typed is not touched otherwise.
    if (ask.q !== typed) field.value = typed = ask.q;
  }

  return { nodes: [form, problem], update, field };
}

// A photograph no larger than needed; one that the browser cannot read goes as it is, for the server may.
async function shrunk(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, PHOTO_SIDE / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < 2 ** 20) return file;
    const canvas = element("canvas", "");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return (await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92))) ?? file;
  } catch {
    return file;
  }
}
