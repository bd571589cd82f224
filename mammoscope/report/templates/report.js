const MOST = 16;
const PAPER = 300;
const home = () => ({ zoom: 1, across: 0, down: 0.5 });
const flat = () => ({ width: 255, level: 128, invert: false });

const root = document.documentElement;
const find = (selector) => document.querySelector(selector);
const shared = { view: home(), tone: flat() };
let linked = true;
let tool = "move";
const panes = [...document.querySelectorAll("figure.pane")].map(opened);
let active = panes[0];

const state = (pane) => (linked ? shared : pane.own);
const concerned = () => (linked ? panes : [active]);
const isLarge = (pane) => pane.figure.classList.contains("large");

function opened(figure) {
  const [left, top, width, height] = figure.dataset.fit.split(" ").map(Number);
  return {
    figure, wall: figure.dataset.wall, fit: { left, top, width, height }, mm: Number(figure.dataset.mm),
    image: figure.querySelector("image"), upper: figure.querySelector("image.over"), canvas: figure.querySelector("canvas"),
    drawing: figure.querySelector("svg"), scale: figure.querySelector(".scale"),
    own: { view: home(), tone: flat() }, film: null, over: null, fade: 0,
  };
}

/* Tone: grey values of the file's picture become light. */

async function load(pane) {
  [pane.film, pane.over] = await Promise.all([pane.image, pane.upper].map((image) => image && scanned(image)));
  develop(pane);
}

/** The grey values of a picture, and a film of its size to develop them on. */
async function scanned(element) {
  const image = Object.assign(new Image(), { src: element.getAttribute("href") });
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const film = Object.assign(document.createElement("canvas"), { width, height });
  const context = film.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  film.grey = Uint8Array.from({ length: width * height }, (_, index) => data[4 * index]);
  return film;
}

/** Window and level as LINEAR_EXACT of DICOM PS3.3 C.11.2.1.3.2, on 8 bits. */
function light({ width, level, invert }) {
  const bright = (grey) => ((grey - level) / width + 0.5) * 255;
  return Uint8ClampedArray.from({ length: 256 }, (_, grey) => (invert ? 255 - bright(grey) : bright(grey)));
}

function develop(pane) {
  const opaque = Uint32Array.from(light(state(pane).tone), (value) => 0xff000000 + value * 0x010101);
  for (const film of [pane.film, pane.over].filter(Boolean)) {
    const context = film.getContext("2d");
    const picture = context.createImageData(film.width, film.height);
    const words = new Uint32Array(picture.data.buffer);
    for (let index = 0; index < words.length; index++) words[index] = opaque[film.grey[index]];
    context.putImageData(picture, 0, 0);
  }
}

/* Place: a picture in its pane. The chest wall is the origin, so linked breasts move as in a mirror. */

function fitted(pane) {
  const box = pane.figure.getBoundingClientRect();
  return Math.min(box.width / pane.fit.width, box.height / pane.fit.height);
}

/** Pixels of the screen for a pixel of the picture at zoom 1: one scale in mm for all, where all know theirs. */
function base(pane) {
  const others = panes.filter((other) => !other.figure.closest(".strip"));
  if (isLarge(pane) || !others.includes(pane) || !others.every((other) => other.mm)) return fitted(pane);
  return Math.min(...others.filter((other) => !isLarge(other)).map((other) => fitted(other) / other.mm)) * pane.mm;
}

function placed(pane) {
  const { fit, wall } = pane;
  const { zoom, across, down } = state(pane).view;
  const box = pane.figure.getBoundingClientRect();
  const scale = base(pane) * zoom;
  const part = isLarge(pane) ? 0.5 : { left: 0, right: 1 }[wall] ?? 0.5;
  const inward = wall === "right" ? -1 : 1;
  const x = part * box.width - (fit.left + (part + inward * across) * fit.width) * scale;
  const y = box.height / 2 - (fit.top + down * fit.height) * scale;
  return { box, scale, inward, x, y };
}

function draw(pane) {
  if (printing) return;
  const { box, scale, x, y } = placed(pane);
  const sharp = devicePixelRatio;
  pane.canvas.width = Math.max(1, Math.round(box.width * sharp));
  pane.canvas.height = Math.max(1, Math.round(box.height * sharp));
  show(pane, [-x, -y, box.width, box.height].map((one) => one / scale), 1 / scale);
  pane.figure.classList.toggle("zoomed", state(pane).view.zoom > 1);
  rule(pane, scale);
  if (!pane.film) return;
  const context = pane.canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.setTransform(scale * sharp, 0, 0, scale * sharp, x * sharp, y * sharp);
  context.drawImage(pane.film, 0, 0);
  if (!pane.over || !pane.fade) return;
  context.globalAlpha = pane.fade;
  context.drawImage(pane.over, 0, 0);
}

/** A part of the picture in the pane; letters are so many pixels of it as keeps their size. */
function show({ drawing }, part, pixel) {
  drawing.setAttribute("viewBox", part.join(" "));
  drawing.style.setProperty("--px", pixel);
}

/** Paper has its own size: the drawing fits itself there, with the picture as it is toned now. */
function print() {
  printing = true;
  unfold(true);
  for (const pane of panes) {
    if (pane.film) pane.image.setAttribute("href", pane.film.toDataURL("image/jpeg", 0.95));
    if (pane.over) pane.upper.setAttribute("href", pane.over.toDataURL("image/jpeg", 0.95));
    pane.upper?.setAttribute("opacity", pane.fade);
    if (state(pane).view.zoom === 1) show(pane, Object.values(pane.fit), pane.fit.height / PAPER);
  }
}

function unfold(open) {
  for (const more of document.querySelectorAll("details.more")) more.open = open;
}

function rule(pane, scale) {
  pane.scale.hidden = !pane.mm;
  if (!pane.mm) return;
  const length = [100, 50, 20, 10, 5, 2, 1].find((mm) => (mm / pane.mm) * scale < 110) ?? 1;
  pane.scale.querySelector("i").style.width = `${(length / pane.mm) * scale}px`;
  pane.scale.querySelector("span").textContent = `${length} mm`;
}

/* One redraw a frame, whatever happens in between. */

const stale = { views: new Set(), tones: new Set(), asked: false };
let printing = false;

function redraw(these, tones = false) {
  for (const pane of these) (tones ? stale.tones : stale.views).add(pane);
  if (stale.asked) return;
  stale.asked = true;
  requestAnimationFrame(refresh);
}

function refresh() {
  stale.tones.forEach(develop);
  new Set([...stale.views, ...stale.tones]).forEach(draw);
  stale.tones.clear();
  stale.views.clear();
  stale.asked = false;
  tell();
}

function tell() {
  if (!active) return;
  const { view, tone } = state(active);
  for (const slider of [find("#width"), find("#level")]) {
    slider.value = tone[slider.id];
    slider.nextElementSibling.value = Math.round(tone[slider.id]);
  }
  find("output.zoom").value = `${Math.round(view.zoom * 100)} %`;
  find("[data-do=invert]").setAttribute("aria-pressed", tone.invert);
}

/* What a reader can do. */

const bounded = (value, low, high) => Math.min(high, Math.max(low, value));

function move(pane, right, down) {
  const { scale, inward } = placed(pane);
  const { view } = state(pane);
  view.across = bounded(view.across - (inward * right) / (scale * pane.fit.width), -1, 1);
  view.down = bounded(view.down - down / (scale * pane.fit.height), 0, 1);
  redraw(concerned());
}

/** The middle of what is seen of the breast, from the pane's corner. */
function middle({ fit }, { box, scale, x, y }) {
  const centre = (from, size, room) =>
    (bounded(from, 0, room) + bounded(from + size, 0, room)) / 2;
  return [centre(x + fit.left * scale, fit.width * scale, box.width),
    centre(y + fit.top * scale, fit.height * scale, box.height)];
}

/** Zoom and keep what lies under a point of the pane where it is. */
function zoom(pane, factor, point) {
  const before = placed(pane);
  const at = point ?? middle(pane, before);
  const { view } = state(pane);
  view.zoom = bounded(view.zoom * factor, 0.5, MOST);
  if (Math.abs(view.zoom - 1) < 0.03) view.zoom = 1;
  if (view.zoom <= 1) Object.assign(view, { ...home(), zoom: view.zoom });
  const after = placed(pane);
  if (view.zoom > 1) {
    const [x, y] = [(at[0] - before.x) / before.scale, (at[1] - before.y) / before.scale];
    move(pane, at[0] - (after.x + x * after.scale), at[1] - (after.y + y * after.scale));
  }
  redraw(concerned());
}

function shade(pane, right, down) {
  const { tone } = state(pane);
  tone.width = bounded(tone.width + right, 4, 510);
  tone.level = bounded(tone.level + down / 2, 0, 255);
  redraw(concerned(), true);
}

function reset() {
  Object.assign(state(active), { view: home(), tone: flat() });
  redraw(concerned(), true);
}

function invert() {
  const { tone } = state(active);
  tone.invert = !tone.invert;
  redraw(concerned(), true);
}

function link() {
  if (linked) for (const pane of panes) pane.own = structuredClone(shared);
  else Object.assign(shared, structuredClone(active.own));
  linked = !linked;
  find("[data-do=link]").setAttribute("aria-pressed", linked);
  redraw(panes, true);
}

function row() {
  const on = document.body.classList.toggle("row");
  find("[data-do=row]").setAttribute("aria-pressed", on);
  redraw(panes);
}

function grow(pane) {
  const large = !isLarge(pane);
  for (const other of panes) other.figure.classList.toggle("large", other === pane && large);
  redraw(panes);
}

function shrink() {
  panes.filter(isLarge).forEach(grow);
}

function toggle(line) {
  const hidden = document.body.classList.toggle(`no-${line}`);
  find(`[data-line=${line}]`)?.setAttribute("aria-pressed", !hidden);
}

function hold(name) {
  tool = name;
  find(".viewer").classList.toggle("tone", name === "tone");
  for (const button of document.querySelectorAll("[data-tool]"))
    button.setAttribute("aria-pressed", button.dataset.tool === name);
}
