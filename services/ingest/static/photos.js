// Photos go one by one as soon as they are chosen or dropped, in pieces, with progress, and go on after a broken line.
// Without this script the form sends them. The door speaks the tus protocol 1.0.0 (tus.io): creation, HEAD, PATCH, DELETE.
const box = document.getElementById("uploads");
const words = box.dataset;
const form = document.getElementById("kept");
const input = document.getElementById("photos");
const list = box.querySelector("ul");
const said = box.querySelector(".upload-said");
const PIECE = 256 * 1024, LARGEST = 20 * 1024 * 1024, SMALLER_SIDE = 2000, SLOW_MBIT = 1.5, BIG = 700 * 1024;
const queue = [];
let running = false;

const wait = (ms) => new Promise((done) => {
  const timer = setTimeout(done, ms);
  addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
});
const isSlow = () => {
  const line = navigator.connection;
  return Boolean(line && (line.saveData || /2g|3g/.test(line.effectiveType || "") || line.downlink < SLOW_MBIT));
};

class Refused extends Error {}

// One request; resolves to the XMLHttpRequest, rejects where the line is broken.
function ask(method, address, headers = {}, body = null, progress = null) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    const always = { "Tus-Resumable": "1.0.0", Accept: "application/problem+json" };
    if (words.form) always["Form-Key"] = words.form; // where no cookie opens the form
    for (const [name, value] of Object.entries({ ...always, ...headers })) {
      request.setRequestHeader(name, value);
    }
    request.timeout = 120000;
    if (progress) request.upload.addEventListener("progress", (event) => progress(event.loaded));
    request.onload = () => done(request);
    request.onerror = request.ontimeout = request.onabort = () => failed(new Error("line"));
    request.send(body);
  });
}

function refusal(request) {
  try { return JSON.parse(request.responseText).detail || words.failed; } catch { return words.failed; }
}

// Where this very file was left off before, if it was. Neither its name nor anything in it is kept on this device.
const mark = (file) => `upload ${file.size} ${file.lastModified}`;

async function open(item) {
  const before = sessionStorage.getItem(mark(item.file));
  if (before) {
    const answer = await ask("HEAD", before);
    if (answer.status === 200 && Number(answer.getResponseHeader("Upload-Length")) === item.data.size) {
      return [before, Number(answer.getResponseHeader("Upload-Offset"))];
    }
  }
  const answer = await ask("POST", words.address, { "Upload-Length": String(item.data.size) });
  if (answer.status >= 500) throw new Error("line");
  if (answer.status !== 201) throw new Refused(refusal(answer));
  const address = answer.getResponseHeader("Location");
  sessionStorage.setItem(mark(item.file), address);
  return [address, 0];
}

async function send(item) {
  const size = item.data.size;
  let [address, offset] = await open(item);
  item.address = address;
  while (offset < size && !item.gone) {
    const piece = item.data.slice(offset, offset + PIECE);
    const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    const answer = await ask("PATCH", address, headers, piece, (sent) => item.show((offset + sent) / size));
    if (answer.status >= 500 || answer.status === 409) throw new Error("line");
    if (answer.status !== 204) throw new Refused(refusal(answer));
    offset = Number(answer.getResponseHeader("Upload-Offset"));
    item.tries = 0;
    item.show(offset / size);
  }
}

// Keeps at it until the photo is here, is refused, or is not wanted any more.
async function deliver(item) {
  item.data = await smaller(item);
  while (!item.gone) {
    try {
      await send(item);
      break;
    } catch (error) {
      if (error instanceof Refused) {
        sessionStorage.removeItem(mark(item.file));
        throw error;
      }
      item.say(words.broken);
      await wait(Math.min(30000, 1000 * 2 ** item.tries++));
    }
  }
  sessionStorage.removeItem(mark(item.file));
  if (!item.gone) await arrived(item);
}

// On a slow line a large picture is drawn again with fewer pixels: still more than a face needs.
async function smaller(item) {
  if (!isSlow() || item.file.size < BIG) return item.file;
  try {
    const picture = await createImageBitmap(item.file, { imageOrientation: "from-image" });
    const share = Math.min(1, SMALLER_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * share);
    canvas.height = Math.round(picture.height * share);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
    if (!blob || blob.size >= item.file.size) return item.file;
    item.note.textContent = words.smaller;
    return blob;
  } catch {
    return item.file; // a format that this browser cannot draw, as HEIC: the door can
  }
}

// Shows the photo as the page would: its faces, what would help, when it was taken.
async function arrived(item) {
  const id = item.address.split("/").pop();
  for (let tries = 0; ; tries++) {
    try {
      const answer = await ask("GET", words.photo.replace("ID", id), { Accept: "text/html" });
      if (answer.status !== 200) throw new Refused(words.failed);
      const parsed = new DOMParser().parseFromString(answer.responseText, "text/html");
      const shown = document.importNode(parsed.querySelector(".kept-photo"), true);
      document.getElementById("photos-here").append(shown);
      number();
      item.end();
      said.textContent = words.added;
      return;
    } catch (error) {
      if (error instanceof Refused) throw error;
      await wait(Math.min(30000, 1000 * 2 ** tries));
    }
  }
}

function number() {
  document.querySelectorAll("#photos-here .kept-photo > legend").forEach((legend, place) => {
    legend.textContent = legend.textContent.replace(/\s*\d*\s*$/, ` ${place + 1}`);
  });
}

function line(file) {
  const row = document.createElement("li");
  const picture = document.createElement("img");
  const bar = document.createElement("progress");
  const state = document.createElement("p"), note = document.createElement("p");
  const stop = document.createElement("button");
  const address = URL.createObjectURL(file);
  picture.alt = "";
  picture.onerror = () => picture.remove();
  picture.src = address;
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  note.className = "hint";
  stop.type = "button";
  stop.className = "button plain";
  stop.textContent = words.remove;
  const middle = document.createElement("div");
  const name = document.createElement("bdi");
  name.textContent = file.name;
  middle.append(name, bar, state, note);
  row.append(picture, middle, stop);
  list.append(row);
  const item = {
    file, note, tries: 0, gone: false, address: "",
    say(text) { state.textContent = text; },
    show(share) {
      bar.value = share;
      state.textContent = share >= 1 ? words.looking : words.going.replace("PERCENT", Math.floor(share * 100));
    },
    fail(text) {
      item.failed = true;
      bar.remove();
      state.className = "wrong";
      state.textContent = text;
      said.textContent = `${file.name}: ${text}`;
    },
    end() { URL.revokeObjectURL(address); item.gone = true; row.remove(); },
  };
  stop.addEventListener("click", () => {
    if (item.address) ask("DELETE", item.address).catch(() => {});
    sessionStorage.removeItem(mark(file));
    item.end();
    input.focus();
  });
  item.say(words.waiting);
  return item;
}

function add(files) {
  const here = document.querySelectorAll("#photos-here .kept-photo").length;
  let left = Number(words.most) - here - queue.filter((item) => !item.gone && !item.failed).length;
  for (const file of files) {
    const item = line(file);
    if (left-- <= 0) item.fail(words.many);
    else if (file.size > LARGEST) item.fail(words.large);
    else queue.push(item);
  }
  run();
}

async function run() {
  if (running) return;
  running = true;
  while (queue.length) {
    const item = queue[0];
    if (!item.gone) await deliver(item).catch((error) => item.fail(error.message));
    queue.shift();
  }
  running = false;
}

input.addEventListener("change", () => {
  add([...input.files]);
  input.value = "";
});
const zone = document.querySelector(".adding");
for (const kind of ["dragover", "dragleave", "drop"]) {
  zone.addEventListener(kind, (event) => {
    event.preventDefault();
    zone.classList.toggle("over", kind === "dragover");
    if (kind === "drop") add([...event.dataTransfer.files]);
  });
}
form.addEventListener("submit", (event) => {
  if (!queue.some((item) => !item.gone)) return;
  event.preventDefault();
  said.textContent = words.busy;
  list.scrollIntoView({ block: "center" });
});
document.querySelector(".adding .hint").append(` ${words.drop}`);
