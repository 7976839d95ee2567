// Keys and live progress. Every page works without this script: a key only presses what is on the page.
"use strict";

const typing = (element) => element.matches("input:not([type=radio], [type=checkbox]), select, textarea");

// j and k walk through the rows of a list, Enter opens the one that has the focus.
function walk(step) {
  const links = [...document.querySelectorAll("[data-row]")];
  if (links.length === 0) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
  document.querySelector("tr.at")?.classList.remove("at");
  links[next].closest("tr")?.classList.add("at");
  links[next].focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const help = document.getElementById("keys");
  if (event.key === "?" && help) {
    event.preventDefault();
    return help.open ? help.close() : help.showModal();
  }
  if (help?.open) return;
  if (event.key === "j" || event.key === "k") return walk(event.key === "j" ? 1 : -1);
  const target = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === event.key);
  if (!target || (event.key === "Enter" && event.target !== document.body)) return;
  event.preventDefault();
  if (target.dataset.press === "focus" || typing(target)) target.focus();
  else target.click();
});

// Escape puts away where a value came from, without moving the focus or the pointer.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll(".value:hover, .value:focus").forEach((value) => value.classList.add("put-away"));
});
const shownAgain = (event) => event.target.closest?.(".value")?.classList.remove("put-away");
document.addEventListener("focusout", shownAgain);
document.addEventListener("mouseout", shownAgain);

// A second press of a key, or a double click, sends a form once.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));

// A part of the page that renews itself while something goes on.
async function renew(part) {
  const answer = await fetch(part.dataset.renew, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer || !answer.ok || answer.redirected) return;
  part.innerHTML = await answer.text();
  if (answer.headers.get("Tributary-Going-On") === "1") setTimeout(() => renew(part), 1000);
  else location.replace(part.dataset.then);
}
document.querySelectorAll("[data-renew]").forEach((part) => {
  if (part.dataset.going === "1") setTimeout(() => renew(part), 1000);
});
