/* Mouse, fingers, keys: joined to report.js on the page. */

const inside = ({ figure }, event) => {
  const box = figure.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};
const apart = ([one, other]) => Math.hypot(one[0] - other[0], one[1] - other[1]);
const onControl = (event) => event.target.closest("button, details, label");

function drag(pane) {
  const { figure } = pane;
  const fingers = new Map();
  figure.addEventListener("pointerdown", (event) => {
    activate(pane);
    if (onControl(event)) return;
    figure.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, inside(pane, event));
  });
  figure.addEventListener("pointermove", (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    const next = inside(pane, event);
    const before = [...fingers.values()];
    fingers.set(event.pointerId, next);
    const step = [next[0] - last[0], next[1] - last[1]];
    if (fingers.size === 2) zoom(pane, apart([...fingers.values()]) / Math.max(1, apart(before)), next);
    else if (tool === "tone" || event.buttons === 2) shade(pane, ...step);
    else move(pane, ...step);
  });
  for (const end of ["pointerup", "pointercancel"])
    figure.addEventListener(end, (event) => fingers.delete(event.pointerId));
  figure.addEventListener("contextmenu", (event) => event.preventDefault());
}

/** The wheel zooms; on a page that scrolls only in an image that was clicked, or with Ctrl. */
function wheel(pane, event) {
  const scrolls = root.scrollHeight > innerHeight && document.activeElement !== pane.figure;
  if (onControl(event) || (scrolls && !event.ctrlKey)) return;
  event.preventDefault();
  activate(pane);
  zoom(pane, Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), inside(pane, event));
}

const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const arrows = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] };

function step(pane, event) {
  if (!arrows[event.key] || event.target !== pane.figure) return;
  event.preventDefault();
  if (event.shiftKey && pairs.has(pane)) trace(pane, ways[event.key]);
  else move(pane, ...arrows[event.key]);
}

function activate(pane) {
  active = pane;
  tell();
}

const deeds = { in: () => zoom(active, 1.25), out: () => zoom(active, 0.8), reset, invert, link, row, over };
const keys = {
  b: () => toggle("breast"), p: () => toggle("pectoral"), s: () => toggle("skin"),
  n: () => toggle("mark"),
  m: () => hold("move"), w: () => hold("tone"), i: invert, l: link, r: row, 0: reset,
  f: () => toggle("finding"), h: () => toggle("heat"), c: () => toggle("region"), o: over,
  "+": deeds.in, "=": deeds.in, "-": deeds.out, escape: () => { clear(); shrink(); alone(null); },
};

function press({ target }) {
  const button = target.closest("button");
  if (button?.dataset.line) toggle(button.dataset.line);
  if (button?.dataset.tool) hold(button.dataset.tool);
  deeds[button?.dataset.do]?.();
}

function slide({ target }) {
  state(active).tone[target.id] = Number(target.value);
  redraw(concerned(), true);
}

function type(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const numbered = panes[Number(event.key) - 1];
  if (numbered) grow(numbered);
  else keys[event.key.toLowerCase()]?.();
}

function hear(pane) {
  const { figure } = pane;
  drag(pane);
  pair(pane);
  figure.addEventListener("focus", () => activate(pane));
  figure.addEventListener("wheel", (event) => wheel(pane, event), { passive: false });
  figure.addEventListener("keydown", (event) => step(pane, event));
  figure.addEventListener("dblclick", (event) => onControl(event) || reset());
  figure.querySelector(".grow").addEventListener("click", () => grow(pane));
}

function listen() {
  panes.forEach(hear);
  find(".tools").addEventListener("click", press);
  seek();
  find(".tools").addEventListener("input", slide);
  document.addEventListener("keydown", type);
  addEventListener("beforeprint", print);
  addEventListener("afterprint", () => {
    printing = false;
    unfold(false);
    redraw(panes);
  });
  new ResizeObserver(() => redraw(panes)).observe(find(".viewer"));
}

if (panes.length) {
  root.classList.add("live");
  ["skin", "heat"].forEach(toggle);
  listen();
  await Promise.allSettled(panes.map(load));
  redraw(panes);
}
root.dataset.ready = "true";
