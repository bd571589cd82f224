/* Findings: a row of a table and its boxes are one; each is lit or left alone with its number. */

const numbered = (number) => document.querySelectorAll(`[data-finding="${number}"]`);
let kept = null;

const lit = (number, on) => numbered(number).forEach((one) => one.classList.toggle("lit", on));

/** Show the boxes of one finding alone; of none, or of the same again: all. */
function alone(number) {
  const same = number === kept;
  if (kept) lit(kept, false);
  kept = same ? null : number;
  if (kept) lit(kept, true);
  find(".viewer").classList.toggle("single", kept !== null);
  for (const button of document.querySelectorAll("[data-find]"))
    button.setAttribute("aria-pressed", button.dataset.find === kept);
}

function seek() {
  for (const row of document.querySelectorAll("tbody[data-finding]")) {
    const { finding } = row.dataset;
    const light = (on) => () => (on || finding !== kept) && lit(finding, on);
    for (const event of ["pointerenter", "focusin"]) row.addEventListener(event, light(true));
    for (const event of ["pointerleave", "focusout"]) row.addEventListener(event, light(false));
    row.querySelector("[data-find]").addEventListener("click", () => alone(finding));
  }
}
