/* Both views of a breast on each other: a cursor with its search region, one view over the other. */

const TAP = 8;
const pairs = new Map();

for (const pane of panes) {
  const { partner, regions, reach, unit, level } = pane.figure.dataset;
  const other = panes.find(({ figure }) => figure.getAttribute("aria-label") === partner);
  if (other) pairs.set(pane, { other, regions: JSON.parse(regions), reach: Number(reach), unit, level });
}

const part = ({ drawing }, name) => drawing.querySelector(`path.${name}`);
const dot = (x, y) => `M${x} ${y}h0`;
let cursor = null;

const closest = (regions, far) =>
  regions.reduce((best, one) => (best && far(best) <= far(one) ? best : one), null);

/** The region of the nearest point that has one; null beyond the lattice's reach. */
function nearest(pane, [x, y]) {
  const { regions, reach } = pairs.get(pane);
  const far = ([column, row]) => Math.hypot(column - x, row - y);
  const found = closest(regions, far);
  return found && far(found) <= reach ? found : null;
}

/** Show where a point's partner is looked for. */
function point(pane, region) {
  clear();
  if (!region) return;
  const { other, unit, level } = pairs.get(pane);
  const [x, y, column, row, area, outlines] = region;
  const drawn = outlines.map(([left, top, ...steps]) => `M${left} ${top}l${steps.join(" ")}z`);
  part(pane, "asked").setAttribute("d", dot(x, y));
  part(other, "outline").setAttribute("d", drawn.join(""));
  part(other, "likeliest").setAttribute("d", dot(column, row));
  const size = area === null ? "" : ` ${area} ${unit}`;
  const note = other.figure.querySelector(".found");
  note.textContent = `Search region${size}, ${Math.round(level * 100)} % sure`;
  note.hidden = false;
  cursor = { pane, region };
}

function clear() {
  if (!cursor) return;
  const { other } = pairs.get(cursor.pane);
  part(cursor.pane, "asked").removeAttribute("d");
  for (const name of ["outline", "likeliest"]) part(other, name).removeAttribute("d");
  other.figure.querySelector(".found").hidden = true;
  cursor = null;
}

/** A place of the screen in pixels of a picture. */
function onPicture(pane, event) {
  const { box, scale, x, y } = placed(pane);
  return [(event.clientX - box.left - x) / scale, (event.clientY - box.top - y) / scale];
}

/** One step with an arrow key: to the nearest point that lies that way more than aside. */
function trace(pane, [right, down]) {
  const { regions, other } = pairs.get(pane);
  const { fit } = pane;
  const from = cursor?.pane === pane ? cursor.region : [fit.left + fit.width / 2, fit.top + fit.height / 2];
  const far = ([x, y]) => Math.hypot(x - from[0], y - from[1]);
  const ahead = ([x, y]) => (x - from[0]) * right + (y - from[1]) * down;
  const way = cursor?.pane === pane ? regions.filter((one) => ahead(one) > far(one) / 2) : regions;
  const next = closest(way, far);
  if (!next) return;
  point(pane, next);
  find("#partner").textContent =
    `${pane.figure.dataset.partner}: ${other.figure.querySelector(".found").textContent}`;
}

function follow(pane) {
  const { figure } = pane;
  let start = null;
  figure.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse" && !event.buttons) point(pane, nearest(pane, onPicture(pane, event)));
  });
  figure.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && clear());
  figure.addEventListener("pointerdown", (event) => {
    start = event.pointerType === "mouse" || onControl(event) ? null : [event.clientX, event.clientY];
  });
  figure.addEventListener("pointerup", (event) => {
    if (start && apart([start, [event.clientX, event.clientY]]) < TAP)
      point(pane, nearest(pane, onPicture(pane, event)));
  });
}

/* One view over the other. */

function fade(pane, share) {
  pane.fade = share;
  pane.figure.querySelector(".fade input").value = share * 100;
  const told = pane.figure.querySelector(".faded");
  told.hidden = !share;
  told.textContent = `${pane.figure.dataset.partner} ${Math.round(share * 100)} %`;
  find("[data-do=over]").setAttribute("aria-pressed", panes.some((one) => one.fade > 0));
  redraw([pane]);
}

function over() {
  const lying = panes.filter((pane) => pane.upper);
  const share = lying.some((pane) => pane.fade) ? 0 : 0.5;
  for (const pane of lying) fade(pane, share);
}

function pair(pane) {
  if (pairs.has(pane)) follow(pane);
  pane.figure.querySelector(".fade input")?.addEventListener("input", ({ target }) =>
    fade(pane, target.value / 100));
}
