/* Keeps marked parts of a page as the desk now has them, without touching anything that is typed. The element with
   `data-pulse` names the address of a digest and says what it was; when the digest differs, the page is read anew and
   every part with `data-live` taken from it. It rests while the page is hidden or the log-in has ended. */

const pulse = document.querySelector("[data-pulse]");
const EVERY_MS = Number(pulse?.dataset.pulseEvery ?? 10000);
const said = document.createElement("p");
said.className = "visually-hidden";
said.setAttribute("role", "status");
document.body.append(said);
if (pulse) {
  setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
}

async function look() {
  if (document.hidden) return;
  try {
    const now = await read(pulse.dataset.pulse, "text/plain");
    if (now === pulse.dataset.pulseWas) return;
    replace(new DOMParser().parseFromString(await read(location.href, "text/html"), "text/html"));
    pulse.dataset.pulseWas = now;
  } catch { /* the desk is away for a moment, or the log-in has ended: the page stays as it is */ }
}

async function read(address, kind) {
  const answer = await fetch(address, { headers: { Accept: kind }, redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

function replace(fresh) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const found = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    if (!found || part.contains(document.activeElement)) continue;
    part.replaceChildren(...found.childNodes);
    said.textContent = part.dataset.liveSaid ?? part.textContent.trim();
  }
}
