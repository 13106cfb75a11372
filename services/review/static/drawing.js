/* Draws an alert's area on the server's own map, with the pointer or the keyboard. The fields stay the truth: what is
   drawn is written into them, and what is written into them is drawn. Without this script the fields do it alone. */

const SVG = "http://www.w3.org/2000/svg";
const STEP = 12, FINE = 2, NEAR = 14, PAUSE_MS = 500, MOST = 100;
const root = document.querySelector("[data-area]");

class Drawing {
  constructor(root) {
    this.root = root;
    this.form = root.closest("form");
    this.words = JSON.parse(root.dataset.words);
    this.said = root.querySelector("[data-said]");
    this.shape = () => this.form.elements.area.value;
    this.corners = this.read();
    this.begin();
    root.addEventListener("input", event => this.written(event));
    root.addEventListener("change", event => this.chosen(event));
    for (const [name, act] of [["undo", () => this.undo()], ["clear", () => this.clear()]]) {
      const button = root.querySelector(`[data-${name}]`);
      button.hidden = false;
      button.addEventListener("click", act);
    }
  }

  /* The map that is on the page now: its frame, and a layer to draw on. */
  begin() {
    this.box = this.root.querySelector(".area-map");
    if (!this.box) return;
    this.frame = Object.fromEntries(Object.entries(this.box.dataset).map(([name, value]) => [name, Number(value)]));
    this.svg = this.box.querySelector("svg");
    const [, , width, height] = this.svg.getAttribute("viewBox").split(" ").map(Number);
    Object.assign(this.frame, { width, height });
    this.layer = this.svg.appendChild(document.createElementNS(SVG, "g"));
    this.layer.setAttribute("class", "map-drawn");
    this.box.tabIndex = 0;
    this.box.setAttribute("role", "application");
    this.box.setAttribute("aria-label", this.words.draw);
    this.box.classList.add("drawable");
    this.cross = this.cross || [this.frame.pinLat, this.frame.pinLon];
    this.box.addEventListener("keydown", event => this.key(event));
    this.box.addEventListener("pointerdown", event => this.press(event));
    this.box.addEventListener("pointermove", event => this.drag(event));
    this.box.addEventListener("pointerup", () => this.release());
    for (const event of ["focus", "blur"]) this.box.addEventListener(event, () => this.draw());
    this.draw();
  }

  place([lat, lon]) {
    const { width, height, scale, squeeze } = this.frame;
    const away = ((lon - this.frame.lon + 540) % 360) - 180;
    return [width / 2 + away * squeeze * scale, height / 2 - (lat - this.frame.lat) * scale];
  }

  at(x, y) {
    const { width, height, scale, squeeze } = this.frame;
    const lat = this.frame.lat - (y - height / 2) / scale;
    const lon = this.frame.lon + (x - width / 2) / squeeze / scale;
    const round = number => Math.round(number * 1e5) / 1e5;
    return [round(Math.min(90, Math.max(-90, lat))), round(((lon + 540) % 360) - 180)];
  }

  km([lat, lon]) {
    const rad = Math.PI / 180, [lat0, lon0] = [this.frame.pinLat, this.frame.pinLon];
    const up = Math.sin((lat - lat0) * rad / 2), across = Math.sin((lon - lon0) * rad / 2);
    return 2 * 6371.0088 * Math.asin(Math.sqrt(up * up + Math.cos(lat * rad) * Math.cos(lat0 * rad) * across * across));
  }

  read() {
    return this.form.elements.polygon.value.split("\n")
      .map(line => (line.match(/[-+]?\d+(?:\.\d+)?/g) || []).map(Number)).filter(pair => pair.length === 2);
  }

  draw() {
    const polygon = this.shape() === "polygon";
    this.root.classList.toggle("draws-polygon", polygon);
    this.layer.replaceChildren();
    const put = (kind, values) => {
      const part = document.createElementNS(SVG, kind);
      for (const [name, value] of Object.entries(values)) part.setAttribute(name, value);
      return this.layer.appendChild(part);
    };
    if (polygon) {
      const points = this.corners.map(corner => this.place(corner));
      put("polygon", { class: "map-circle drawn", points: points.map(point => point.join(",")).join(" ") });
      points.forEach(([x, y]) => put("circle", { class: "map-corner", cx: x, cy: y, r: 6 }));
    }
    if (document.activeElement === this.box) {
      const [x, y] = this.place(this.cross);
      put("path", { class: "map-cross", d: `M${x - 14} ${y}h28M${x} ${y - 14}v28` });
    }
    for (const name of ["undo", "clear"]) this.root.querySelector(`[data-${name}]`).disabled = !polygon || !this.corners.length;
  }

  say(words, values) {
    this.said.textContent = Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words);
  }

  set(corner) {
    if (this.shape() === "rings") return;
    if (this.shape() !== "polygon") {
      const km = Math.max(0.1, Math.min(500, Math.round(this.km(corner) * 10) / 10));
      this.form.elements.radius_km.value = km;
      this.say(this.words.circle, { km });
      this.refresh();
      return;
    }
    if (this.corners.length >= MOST) return;
    this.corners.push(corner);
    this.write();
    this.say(this.words.corner, { number: this.corners.length, place: corner.join(", ") });
  }

  undo() {
    this.corners.pop();
    this.write();
    this.say(this.words.undone, { number: this.corners.length });
  }

  clear() {
    this.corners = [];
    this.write();
    this.say(this.words.undone, { number: 0 });
  }

  write() {
    this.form.elements.polygon.value = this.corners.map(corner => corner.join(", ")).join("\n");
    this.draw();
    this.refresh();
  }

  key(event) {
    const step = event.shiftKey ? FINE : STEP;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (moves[event.key]) {
      const [x, y] = this.place(this.cross), [dx, dy] = moves[event.key], { width, height } = this.frame;
      this.cross = this.at(Math.min(width, Math.max(0, x + dx)), Math.min(height, Math.max(0, y + dy)));
      this.say(this.words.cross, { place: this.cross.join(", ") });
      this.draw();
    } else if (event.key === "Enter" || event.key === " ") this.set([...this.cross]);
    else if (event.key === "Backspace" && this.shape() === "polygon") this.undo();
    else return;
    event.preventDefault();
  }

  point(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return [at.x, at.y];
  }

  press(event) {
    const [x, y] = this.point(event);
    const near = this.corners.findIndex(corner => Math.hypot(this.place(corner)[0] - x, this.place(corner)[1] - y) < NEAR);
    this.held = this.shape() === "polygon" ? near : -1;
    if (this.held < 0) this.set(this.at(x, y));
    else this.box.setPointerCapture(event.pointerId);
  }

  drag(event) {
    if (!(this.held >= 0) || !event.buttons) return;
    this.corners[this.held] = this.at(...this.point(event));
    this.write();
  }

  release() {
    this.held = -1;
  }

  written(event) {
    if (event.target.name === "polygon") {
      this.corners = this.read();
      if (this.corners.length) this.form.elements.area.value = "polygon";
      this.draw();
    }
    if (event.target.name === "rings") this.form.elements.area.value = "rings";
    if (["polygon", "radius_km", "rings", "regions"].includes(event.target.name)) this.refresh();
  }

  chosen(event) {
    if (event.target.name === "area") this.draw();
    if (["area", "view_km"].includes(event.target.name)) this.refresh();
  }

  /* Asks for the map and the regions of what the fields say; the view stays while a polygon is being drawn. */
  refresh() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fetch(), PAUSE_MS);
  }

  async fetch() {
    const data = new FormData(this.form), drawing = this.shape() === "polygon";
    if (drawing && this.corners.length < 3) return;
    const asked = this.asked = Symbol("asked");
    try {
      const answer = await fetch(this.root.dataset.area, { method: "POST", body: new URLSearchParams(data) });
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (asked !== this.asked) return;
      const summary = found.querySelector(".area-summary"), map = found.querySelector(".area-map");
      if (!summary) throw new Error("no summary");
      this.root.querySelector(".area-summary").replaceWith(summary);
      if (map && !(drawing && String(this.view) === data.get("view_km"))) {
        const focused = document.activeElement === this.box;
        this.box.replaceWith(map);
        this.begin();
        if (focused) this.box.focus();
      }
      this.view = data.get("view_km");
    } catch {
      this.say(this.words.failed, {});
    }
  }
}

if (root) new Drawing(root);
