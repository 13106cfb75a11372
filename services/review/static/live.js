/* Keeps marked parts of a page as the desk now has them, without touching anything that is typed: every element with
   `data-live` is taken from a fresh copy of the page. It rests while the page is hidden or the log-in has ended. */

const EVERY_MS = 15000;
const said = document.createElement("p");
said.className = "visually-hidden";
said.setAttribute("role", "status");
document.body.append(said);
setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
    if (answer.ok) replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch { /* the desk is away for a moment, or the log-in has ended: the page stays as it is */ }
}

function replace(fresh) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const found = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    if (!found || part.contains(document.activeElement) || sense(found) === sense(part)) continue;
    part.replaceChildren(...found.childNodes);
    said.textContent = part.dataset.liveSaid ?? part.textContent.trim();
  }
}

/* What a part says, apart from how long ago something was. */
function sense(part) {
  const copy = part.cloneNode(true);
  for (const time of copy.querySelectorAll(".ago")) time.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}
