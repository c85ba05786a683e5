// Uploads: files go to the server's disk in chunks, one file after another, resumable by offset.
//
// The queue belongs to the document, not to the mounted element: going to another page and back neither stops an upload
// nor forgets what it brought in.

const ADDRESS = "/sightline/uploads";
const CHUNK = 8 * 1024 * 1024;
const REMEMBERED = "sightline:upload:";
const PATIENCE = [500, 1000, 2000, 4000, 8000, 15000]; // ms between attempts while the server cannot be reached

export default function ({ data, parentElement, setStateValue }) {
  const queue = (window.sightlineUploads ??= createQueue());
  const view = (parentElement.sightline ??= build(parentElement, queue));
  view.update(data);
  view.listen();
  const onChange = () => {
    view.draw();
    if (queue.added.length > (view.told ?? 0)) {
      view.told = queue.added.length;
      setStateValue("added", [...queue.added]);
    }
  };
  queue.listener = onChange;
  onChange();
  return () => {
    view.deafen();
    if (queue.listener === onChange) queue.listener = null;
  };
}

// The queue

function createQueue() {
  const queue = { items: [], added: [], parted: [], listener: null, busy: false };
  queue.changed = () => queue.listener?.();
  queue.add = (file, limit) => {
    const item = { file, state: "waiting", sent: 0, error: "", stop: new AbortController() };
    if (file.size === 0) Object.assign(item, { state: "failed", error: "empty", final: true });
    if (file.size > limit) Object.assign(item, { state: "failed", error: "large", final: true });
    queue.items.push(item);
    run(queue);
  };
  queue.retry = (item) => {
    Object.assign(item, { state: "waiting", error: "", stop: new AbortController() });
    run(queue);
  };
  queue.forget = (parted) => {
    queue.parted = queue.parted.filter((other) => other !== parted);
    localStorage.removeItem(parted.remembered);
    call("DELETE", `/${parted.token}`).catch(() => {});
    queue.changed();
  };
  queue.remove = (item) => {
    item.stop.abort();
    queue.items = queue.items.filter((other) => other !== item);
    if (item.token && item.state !== "done") {
      forget(item);
      call("DELETE", `/${item.token}`).catch(() => {});
    }
    queue.changed();
  };
  findParted(queue);
  window.addEventListener("beforeunload", (event) => {
    if (queue.items.some((item) => item.state === "sending" || item.state === "waiting")) event.preventDefault();
  });
  return queue;
}

// Uploads that a reload or a crash of the browser broke off: the server keeps what arrived, and the same file goes on.
async function findParted(queue) {
  for (const remembered of Object.keys(localStorage).filter((key) => key.startsWith(REMEMBERED))) {
    const token = localStorage.getItem(remembered);
    const [, name, size] = /^(.*):(\d+):\d+$/.exec(remembered.slice(REMEMBERED.length)) ?? [];
    if (!name) continue;
    try {
      const { offset } = await call("GET", `/${token}`);
      if (queue.items.some((item) => item.token === token)) continue; // begun again meanwhile
      if (offset) queue.parted.push({ remembered, token, name, share: offset / Number(size) });
    } catch (error) {
      if (error.sentence) localStorage.removeItem(remembered); // the server knows it no more
    }
    queue.changed();
  }
}

async function run(queue) {
  queue.changed();
  if (queue.busy) return;
  queue.busy = true;
  for (let item; (item = queue.items.find((one) => one.state === "waiting")); queue.changed()) {
    try {
      const footage = await send(item, queue);
      item.state = "done";
      queue.added.push(footage.id);
    } catch (error) {
      if (item.stop.signal.aborted) continue;
      item.state = "failed";
      item.error = error.sentence ?? "lost";
      item.kind = error.kind;
      item.final = Boolean(error.sentence);
    }
  }
  queue.busy = false;
}

async function send(item, queue) {
  item.state = "sending";
  queue.changed();
  await open(item, queue);
  item.began = { at: performance.now(), sent: item.sent };
  let attempt = 0;
  while (item.sent < item.file.size) {
    try {
      const chunk = item.file.slice(item.sent, item.sent + CHUNK);
      const answer = await put(item, chunk, (sent) => {
        item.live = item.sent + sent;
        queue.changed();
      });
      item.sent = item.live = answer.offset;
      item.retrying = false;
      attempt = 0;
    } catch (error) {
      if (item.stop.signal.aborted || (error.sentence && error.status !== 409) || attempt >= PATIENCE.length) throw error;
      item.retrying = true;
      queue.changed();
      await new Promise((wake) => setTimeout(wake, PATIENCE[attempt++]));
      const known = await call("GET", `/${item.token}`, { signal: item.stop.signal }).catch((lost) => {
        if (lost.sentence) throw lost;
      });
      if (known) item.sent = item.live = known.offset;
    }
    queue.changed();
  }
  item.state = "checking";
  queue.changed();
  try {
    return (await call("POST", `/${item.token}/finish`, { signal: item.stop.signal })).footage;
  } finally {
    forget(item);
    item.token = null;
    item.sent = 0;
  }
}

async function open(item, queue) {
  item.remembered = `${REMEMBERED}${item.file.name}:${item.file.size}:${item.file.lastModified}`;
  queue.parted = queue.parted.filter((parted) => parted.remembered !== item.remembered);
  item.token ??= localStorage.getItem(item.remembered);
  if (item.token) {
    try {
      item.sent = (await call("GET", `/${item.token}`, { signal: item.stop.signal })).offset;
      return;
    } catch (error) {
      if (!error.sentence) throw error;
      forget(item); // the server no longer knows it: begin anew
    }
  }
  const body = JSON.stringify({ name: item.file.name, size: item.file.size });
  const opened = await call("POST", "", { body, signal: item.stop.signal });
  Object.assign(item, { token: opened.token, sent: opened.offset });
  localStorage.setItem(item.remembered, item.token);
}

function forget(item) {
  localStorage.removeItem(item.remembered);
}

async function call(method, path, options = {}) {
  const response = await fetch(ADDRESS + path, { method, headers: { "X-Sightline": "1" }, ...options });
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (!response.ok) throw refusal(response.status, answer);
  return answer;
}

// fetch() cannot tell how much of a body has gone out; XMLHttpRequest can.
function put(item, chunk, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    item.stop.signal.addEventListener("abort", abort, { once: true });
    request.open("PUT", `${ADDRESS}/${item.token}?offset=${item.sent}`);
    request.setRequestHeader("X-Sightline", "1");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => {
      if (request.status < 300 && request.response) resolve(request.response);
      else reject(refusal(request.status, request.response ?? {}));
    };
    request.onerror = request.onabort = () => reject(new Error("lost"));
    request.onloadend = () => item.stop.signal.removeEventListener("abort", abort);
    request.send(chunk);
  });
}

function refusal(status, answer) {
  return Object.assign(new Error("refused"), { status, kind: answer.kind, sentence: status < 500 ? answer.error : undefined });
}

// The element

function build(parent, queue) {
  const root = parent.appendChild(document.createElement("div")); // beside the style sheet that is already there
  root.innerHTML = `
    <div class="upload">
      <label class="drop">
        <input type="file" multiple accept="video/*,image/gif,.mkv,.avi,.ts,.mts,.m2ts,.mov,.webm,.mp4,.m4v,.mpg,.mpeg,.wmv,.flv">
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 16V5m0 0-4 4m4-4 4 4M5 15v3a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-3"/></svg>
        <strong></strong><span class="choose"></span><small></small>
      </label>
      <ul class="queue" aria-live="polite"></ul>
      <ul class="queue parted"></ul>
    </div>`;
  const drop = root.querySelector(".drop");
  const input = root.querySelector("input");
  const [list, parts] = root.querySelectorAll(".queue");
  const rows = new Map();
  let current = { limit: Infinity, text: {} };
  const take = (files) => [...files].forEach((file) => queue.add(file, current.limit));
  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  });
  // The whole page takes files: one dropped beside the panel would otherwise open in the place of the dashboard.
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const over = (yes) => {
    drop.classList.toggle("over", yes);
    root.querySelector("strong").textContent = yes ? current.text.anywhere : current.text.drop;
  };
  const onDrag = (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(true);
  };
  const onLeave = (event) => {
    if (!event.relatedTarget) over(false);
  };
  const onDrop = (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(false);
    take(event.dataTransfer.files);
  };
  const heard = { dragenter: onDrag, dragover: onDrag, dragleave: onLeave, drop: onDrop };
  return {
    listen() {
      for (const [kind, act] of Object.entries(heard)) window.addEventListener(kind, act);
    },
    deafen() {
      for (const [kind, act] of Object.entries(heard)) window.removeEventListener(kind, act);
    },
    update(data) {
      current = data;
      root.querySelector("strong").textContent = data.text.drop;
      root.querySelector(".choose").textContent = data.text.choose;
      root.querySelector("small").textContent = data.text.limit;
      list.setAttribute("aria-label", data.text.queue);
    },
    draw() {
      for (const [item, row] of rows) {
        if (!queue.items.includes(item)) {
          row.remove();
          rows.delete(item);
        }
      }
      for (const item of queue.items) {
        if (!rows.has(item)) {
          rows.set(item, createRow(item, queue));
          list.append(rows.get(item));
        }
        drawRow(rows.get(item), item, current);
      }
      parts.replaceChildren(...queue.parted.map((parted) => partedRow(parted, queue, current.text)));
    },
  };
}

function createRow(item, queue) {
  const row = document.createElement("li");
  row.innerHTML = `
    <div class="line"><span class="name"></span><span class="state"></span>
      <button type="button" class="again"></button><button type="button" class="away">×</button></div>
    <progress max="1"></progress><p class="hint"></p><p class="error" role="alert"></p>`;
  row.querySelector(".name").textContent = row.title = item.file.name;
  row.querySelector(".again").addEventListener("click", () => queue.retry(item));
  row.querySelector(".away").addEventListener("click", () => queue.remove(item));
  return row;
}

function partedRow(parted, queue, text) {
  const row = document.createElement("li");
  row.innerHTML = `<div class="line"><span class="name"></span><button type="button" class="away">×</button></div><p class="hint"></p>`;
  row.querySelector(".name").textContent = row.title = parted.name;
  row.querySelector(".hint").textContent = text.parted.replace("{percent}", Math.floor(100 * parted.share));
  row.querySelector(".away").setAttribute("aria-label", text.forget.replace("{name}", parted.name));
  row.querySelector(".away").addEventListener("click", () => queue.forget(parted));
  return row;
}

// How quickly it goes and how long it will take, once that can be said.
function pace(item, text) {
  const passed = (performance.now() - item.began.at) / 1000;
  const sent = (item.live ?? item.sent) - item.began.sent;
  if (passed < 2 || sent <= 0) return "";
  const rate = sent / passed;
  const left = Math.round((item.file.size - (item.live ?? item.sent)) / rate);
  const length = left < 60 ? text.seconds.replace("{s}", left) : text.minutes.replace("{min}", Math.round(left / 60));
  return text.pace.replace("{rate}", `${(rate / 1e6).toFixed(rate < 1e7 ? 1 : 0)} MB`).replace("{length}", length);
}

function drawRow(row, item, { text, bad }) {
  const share = item.file.size ? (item.live ?? item.sent) / item.file.size : 0;
  const words = {
    waiting: text.waiting,
    sending: item.retrying ? text.retrying : `${Math.min(100, Math.floor(share * 100))} %`,
    checking: text.checking,
    done: text.done,
    failed: "",
  };
  row.className = item.state;
  row.querySelector(".state").textContent = words[item.state];
  const bar = row.querySelector("progress");
  bar.hidden = item.state === "done" || item.state === "failed";
  bar.value = share;
  bar.setAttribute("aria-label", item.file.name);
  const hint = row.querySelector(".hint");
  hint.textContent = item.state === "sending" && !item.retrying && item.began ? pace(item, text) : "";
  hint.hidden = !hint.textContent;
  const sentences = { lost: text.lost, empty: text.empty, large: text.large };
  const error = row.querySelector(".error");
  const sentence = item.state === "failed" ? sentences[item.error] ?? told(item, bad) : "";
  if (error.textContent !== sentence) error.textContent = sentence;
  error.hidden = !sentence;
  const again = row.querySelector(".again");
  again.textContent = text.again;
  again.hidden = item.state !== "failed" || item.final;
  const ended = item.state === "done" || item.state === "failed";
  row.querySelector(".away").setAttribute("aria-label", (ended ? text.dismiss : text.cancel).replace("{name}", item.file.name));
}

// What the server refused, in the reader's language where there is a sentence for it.
function told(item, bad) {
  return bad?.[item.kind]?.replace("{name}", item.file.name) ?? item.error;
}
