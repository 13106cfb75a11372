/* Chooses the part of a photo to show, by dragging or with the arrow keys; the four numbers beside it stay the truth. */

const STEP = 1, LEAST = 5, SIDES = ["left", "top", "width", "height"];
const holder = document.querySelector("[data-crop]");

class Cropping {
  constructor(holder) {
    this.holder = holder;
    this.form = holder.closest("form");
    this.inputs = SIDES.map(side => this.form.elements[`crop.${side}`]);
    this.photo = holder.appendChild(new Image());
    this.photo.alt = "";
    this.photo.draggable = false;
    this.box = holder.appendChild(document.createElement("button"));
    Object.assign(this.box, { type: "button", className: "crop-box" });
    this.box.setAttribute("aria-label", holder.dataset.label);
    this.form.addEventListener("change", event => event.target.name === "photo_id" && this.choose(true));
    this.inputs.forEach(input => input.addEventListener("input", () => this.draw()));
    this.box.addEventListener("keydown", event => this.key(event));
    holder.addEventListener("pointerdown", event => this.press(event));
    holder.addEventListener("pointermove", event => this.drag(event));
    holder.addEventListener("pointerup", () => { this.from = null; });
    this.choose(false);
  }

  choose(anew) {
    const chosen = this.form.querySelector("input[name=photo_id]:checked");
    const picture = chosen && chosen.closest("label").querySelector("img");
    this.holder.hidden = !picture;
    if (picture) this.photo.src = picture.src;
    if (anew) this.write([0, 0, 100, 100]);
    else this.draw();
  }

  values() {
    return this.inputs.map((input, at) => (input.value.trim() === "" ? [0, 0, 100, 100][at] : Number(input.value)));
  }

  write(values) {
    const [left, top, width, height] = values;
    const w = Math.min(100, Math.max(LEAST, width)), h = Math.min(100, Math.max(LEAST, height));
    const kept = [Math.min(100 - w, Math.max(0, left)), Math.min(100 - h, Math.max(0, top)), w, h];
    this.inputs.forEach((input, at) => { input.value = Math.round(kept[at] * 10) / 10; });
    this.draw();
  }

  draw() {
    const values = this.values();
    SIDES.forEach((side, at) => { if (Number.isFinite(values[at])) this.box.style[side] = `${values[at]}%`; });
  }

  key(event) {
    const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (!moves) return;
    const [left, top, width, height] = this.values(), [dx, dy] = moves;
    this.write(event.shiftKey ? [left, top, width + dx, height + dy] : [left + dx, top + dy, width, height]);
    event.preventDefault();
  }

  at(event) {
    const box = this.photo.getBoundingClientRect();
    const part = (value, from, size) => Math.min(100, Math.max(0, (value - from) / size * 100));
    return [part(event.clientX, box.left, box.width), part(event.clientY, box.top, box.height)];
  }

  press(event) {
    this.from = this.at(event);
    this.holder.setPointerCapture(event.pointerId);
  }

  drag(event) {
    if (!this.from) return;
    const [x, y] = this.at(event), [x0, y0] = this.from;
    if (Math.abs(x - x0) < 2 && Math.abs(y - y0) < 2) return;
    this.write([Math.min(x, x0), Math.min(y, y0), Math.abs(x - x0), Math.abs(y - y0)]);
  }
}

if (holder) new Cropping(holder);
