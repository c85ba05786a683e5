// A model file on its way to the server, in chunks through the route for models; one file at a time.

const ADDRESS = "/sightline/models/uploads";
const CHUNK = 8 * 1024 * 1024;

export default function ({ data, parentElement, setStateValue }) {
  const view = (parentElement.sightline ??= build(parentElement));
  view.tell = setStateValue;
  view.update(data);
}

function build(parent) {
  const root = parent.appendChild(document.createElement("div")); // beside the style sheet that is already there
  root.innerHTML = `
    <div class="model">
      <label class="choose"><input type="file"><span></span></label>
      <div class="sending" hidden><progress max="1"></progress><button type="button"></button></div>
      <p class="words" role="status"></p>
    </div>`;
  const input = root.querySelector("input");
  const sending = root.querySelector(".sending");
  const bar = root.querySelector("progress");
  const cancel = root.querySelector("button");
  const words = root.querySelector(".words");
  let current = null;
  let stop = null;
  const view = {
    tell: () => {},
    update(data) {
      current = data;
      input.accept = data.suffixes.join(",");
      root.querySelector(".choose span").textContent = data.text.choose;
      cancel.textContent = data.text.cancel;
    },
  };

  function say(sentence, bad = false) {
    words.textContent = sentence;
    words.classList.toggle("bad", bad);
  }

  async function take(file) {
    const { text, task, trusted } = current;
    if (file.name.toLowerCase().endsWith(current.pickle) && !trusted) return say(text.untrusted, true);
    stop = new AbortController();
    sending.hidden = false;
    input.disabled = true;
    bar.setAttribute("aria-label", text.sending.replace("{name}", file.name));
    say(text.sending.replace("{name}", file.name));
    let token = null;
    try {
      const body = JSON.stringify({ task, name: file.name, size: file.size, trusted });
      const opened = await call("POST", "", { body, signal: stop.signal });
      token = opened.token;
      for (let sent = opened.offset; sent < file.size; ) {
        const part = { body: file.slice(sent, sent + CHUNK), signal: stop.signal };
        sent = (await call("PUT", `/${token}?offset=${sent}`, part)).offset;
        bar.value = sent / file.size;
      }
      say(text.checking);
      const { model } = await call("POST", `/${token}/finish`, { signal: stop.signal });
      token = null;
      say(text.done.replace("{name}", model));
      view.tell("added", model);
    } catch (error) {
      say(stop.signal.aborted ? "" : error.sentence ?? text.lost, true);
    } finally {
      if (token) call("DELETE", `/${token}`).catch(() => {});
      sending.hidden = true;
      input.disabled = false;
      input.value = "";
      bar.value = 0;
    }
  }

  input.addEventListener("change", () => input.files[0] && take(input.files[0]));
  cancel.addEventListener("click", () => stop?.abort());
  return view;
}

async function call(method, path, options) {
  const response = await fetch(ADDRESS + path, { method, headers: { "X-Sightline": "1" }, ...options });
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error("refused"), { sentence: answer.error });
  return answer;
}
