/* The tools of the comparison page: both faces move, grow and darken in step, lie over one another, or blink.
   Nothing is changed in the photographs; without this file they stand side by side. */

const viewer = document.getElementById("viewer");
if (viewer) compare(viewer);

function compare(viewer) {
  const BLINK_MS = 700; // slower than three flashes a second (WCAG 2.3.1)
  const STEP = 4; // percent of the picture that an arrow key moves it
  const START = { zoom: 1, x: 0, y: 0, contrast: 100, light: 100, blend: 50 };
  const now = { ...START, mode: "side", flip: false, grey: false, guides: false, original: false, front: true };
  const tools = viewer.querySelector(".tools");
  const say = viewer.querySelector("[data-say]");
  const pictures = [...viewer.querySelectorAll(".lens img")];
  let timer = null;

  const acts = {
    side: () => mode("side"),
    blink: () => mode(now.mode === "blink" && timer ? "hold" : "blink"),
    blend: () => mode(now.mode === "blend" ? "side" : "blend"),
    turn: () => { if (now.mode === "blink") { hold(); now.front = !now.front; } },
    nearer: () => zoom(1.25),
    farther: () => zoom(1 / 1.25),
    reset: () => Object.assign(now, START),
    flip: () => { now.flip = !now.flip; },
    grey: () => { now.grey = !now.grey; },
    guides: () => { now.guides = !now.guides; },
    original: () => { now.original = !now.original; },
    left: () => move(-STEP, 0), right: () => move(STEP, 0), up: () => move(0, -STEP), down: () => move(0, STEP),
    contrast: (by) => { now.contrast = within(now.contrast + by, 50, 250); },
    light: (by) => { now.light = within(now.light + by, 50, 250); },
  };

  const KEYS = {
    s: "side", b: "blink", o: "blend", "+": "nearer", "=": "nearer", "-": "farther", 0: "reset", f: "flip", g: "grey",
    l: "guides", w: "original", c: ["contrast", 10], C: ["contrast", -10], k: ["light", 10], K: ["light", -10],
  };
  const ON_VIEWER = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", " ": "turn" };

  function mode(wanted) {
    hold();
    if (wanted === "hold") return;
    now.mode = wanted;
    now.front = true;
    if (wanted === "blink") timer = setInterval(() => { now.front = !now.front; show(); }, BLINK_MS);
  }

  function hold() {
    clearInterval(timer);
    timer = null;
  }

  function zoom(by) {
    now.zoom = within(now.zoom * by, 1, 8);
    move(0, 0);
  }

  function move(x, y) {
    const room = 50 * (now.zoom - 1) + 25;
    now.x = within(now.x + x, -room, room);
    now.y = within(now.y + y, -room, room);
  }

  function within(value, least, most) {
    return Math.min(most, Math.max(least, value));
  }

  function act(name, by) {
    acts[name](by);
    show();
    const told = { side: "side", blink: "blink", hold: "blink", blend: "blend" }[name];
    if (told) say.textContent = say.getAttribute(`data-said-${now.mode}`);
    if (["nearer", "farther", "reset"].includes(name)) say.textContent = `${say.dataset.saidSize} ${Math.round(now.zoom * 100)} %`;
  }

  function show() {
    for (const name of ["zoom", "x", "y"]) viewer.style.setProperty(`--${name}`, now[name]);
    for (const name of ["contrast", "light", "blend"]) {
      viewer.style.setProperty(`--${name}`, now[name] / 100);
      tools.querySelector(`[data-set=${name}]`).value = now[name];
    }
    viewer.dataset.mode = now.mode;
    for (const name of ["flip", "grey", "guides", "original", "front"]) viewer.toggleAttribute(`data-${name}`, now[name]);
    const pressed = { side: now.mode === "side", blink: now.mode === "blink", blend: now.mode === "blend" };
    for (const button of tools.querySelectorAll("[aria-pressed]")) {
      const name = button.dataset.do;
      button.setAttribute("aria-pressed", String(pressed[name] ?? now[name]));
    }
    for (const picture of pictures) {
      const wanted = now.original ? picture.dataset.original : picture.dataset.aligned;
      if (picture.getAttribute("src") !== wanted) picture.src = wanted;
    }
  }

  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) act(button.dataset.do);
  });
  tools.addEventListener("input", (event) => {
    const name = event.target.dataset.set;
    if (name) { now[name] = Number(event.target.value); show(); }
  });

  /* Keys: anywhere but where something is typed, and never with Ctrl, Alt or the command key. */
  const switchedOn = document.getElementById("keys-on");
  try { switchedOn.checked = localStorage.getItem("compare-keys") !== "off"; } catch { /* no storage: they stay on */ }
  switchedOn.addEventListener("change", () => {
    try { localStorage.setItem("compare-keys", switchedOn.checked ? "on" : "off"); } catch { /* only for this page */ }
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const at = event.target;
    if (at === viewer && ON_VIEWER[event.key]) {
      event.preventDefault();
      return act(ON_VIEWER[event.key]);
    }
    if (!switchedOn.checked || typedInto(at)) return;
    if ("123".includes(event.key)) return choose(Number(event.key) - 1);
    if (event.key === "?") return openKeys();
    const found = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
    if (found) {
      event.preventDefault();
      act(...[found].flat());
    }
  });

  function typedInto(at) {
    return at.isContentEditable || at.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=range])");
  }

  function choose(number) {
    const options = document.querySelectorAll("form.decide input[name=outcome]");
    if (!options[number]) return;
    options[number].checked = true;
    options[number].focus();
  }

  function openKeys() {
    const keys = tools.querySelector("details.keys");
    keys.open = !keys.open;
    if (keys.open) keys.querySelector("summary").focus();
  }

  /* A finger or mouse moves both; two fingers, or the wheel while the faces are chosen, change the size. */
  const fingers = new Map();
  for (const lens of viewer.querySelectorAll(".lens")) {
    lens.addEventListener("pointerdown", (event) => {
      viewer.focus({ preventScroll: true });
      fingers.set(event.pointerId, event);
      lens.setPointerCapture(event.pointerId);
    });
    lens.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      if (fingers.size === 1) move((100 * (event.x - before.x)) / lens.clientWidth, (100 * (event.y - before.y)) / lens.clientHeight);
      else {
        const other = [...fingers.values()].find((one) => one.pointerId !== event.pointerId);
        zoom(apart(event, other) / Math.max(1, apart(before, other)));
      }
      fingers.set(event.pointerId, event);
      show();
    });
    for (const end of ["pointerup", "pointercancel"]) lens.addEventListener(end, (event) => fingers.delete(event.pointerId));
    lens.addEventListener("wheel", (event) => {
      if (document.activeElement !== viewer) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1);
      show();
    }, { passive: false });
  }

  function apart(one, other) {
    return Math.hypot(one.x - other.x, one.y - other.y);
  }

  show();
}
