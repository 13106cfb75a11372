// The map without a new page for each press, larger where there is room, and the position of this device.
// Without this script the same buttons post the form.
const form = document.getElementById("kept");
const SIDE = 288;

async function post(extra) {
  const body = new FormData(form);
  for (const name of ["photos", "remove"]) body.delete(name); // what is chosen elsewhere on the page waits for its own button
  for (const [name, value] of Object.entries(extra)) body.set(name, value);
  const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("map");
  if (!fresh) { location.assign(answer.url); return; } // the report is not open here any more: that page says why
  document.getElementById("map").replaceWith(document.importNode(fresh, true));
  const seen = page.querySelector("input[name=seen]");
  if (seen) form.elements.seen.value = seen.value;
  wake();
}

function wake() {
  const map = document.querySelector(".tap");
  map.classList.add("large");
  const button = document.querySelector(".position");
  if (!navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => post({ pick: `${coords.latitude.toFixed(4)}, ${coords.longitude.toFixed(4)}` }),
      () => { document.querySelector(".picks").textContent = button.dataset.failed; },
      { timeout: 15000, maximumAge: 60000 },
    );
  });
}

form.addEventListener("submit", (event) => {
  const pressed = event.submitter;
  if (!pressed || !(["pick", "move", "here", "tap"].includes(pressed.name) || pressed.value === "place")) return;
  event.preventDefault();
  let extra = { [pressed.name]: pressed.value };
  if (pressed.name === "tap") {
    if (!tapped) return; // by keyboard: there is no point; the buttons below the map have one
    extra = tapped;
  }
  const focus = pressed.name === "move" ? `button[value=${pressed.value}]` : pressed.name === "pick" ? ".chosen" : null;
  post(extra).then(() => focus && document.querySelector(`#map ${focus}`)?.focus()).catch(() => {
    const picks = document.querySelector(".picks");
    picks.textContent = picks.dataset.broken;
  });
});

let tapped = null;
document.addEventListener("click", (event) => {
  tapped = null;
  const map = event.target.closest(".tap");
  if (!map || event.detail === 0) return;
  const at = map.getBoundingClientRect();
  tapped = {
    "tap.x": String(((event.clientX - at.left) / at.width) * SIDE),
    "tap.y": String(((event.clientY - at.top) / at.height) * SIDE),
  };
}, true);
wake();
