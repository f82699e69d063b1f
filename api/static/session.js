// Clears a page behind the sign-in once its session is over, also where the server cannot be reached. base.html loads
// it where somebody is signed in, and writes:
//
//   <body data-ends-in="1800">                  seconds from this answer to the end, if nothing else is asked
//   <template id="session-ending">…<button>…    told two minutes before; the button goes on
//   <template id="session-over">…<div data-typed hidden>…
//
// What the person had typed and not sent stays to be copied; everything that the register had said goes. Tabs of one
// browser tell each other: an answer in one keeps the others, and signing out in one ends them all. They know each
// other by the form token, which outlives signing in again.

const WARNING = 120_000;
const TEXTUAL = ["text", "search", "email", "tel", "url", "number", "date"];

const lasts = Number(document.body.dataset.endsIn) * 1000;
const token = document.querySelector("input[name=csrf]")?.value;
const channel = new BroadcastChannel("session");
let endsAt = Date.now() + lasts;
let timer;
let warning;

const isTyped = (field) =>
  (field.tagName === "TEXTAREA" || TEXTUAL.includes(field.type)) &&
  field.value.trim() !== "" &&
  // After an error the page itself brings back what was typed.
  (field.value !== field.defaultValue || document.querySelector(".errors") !== null);

function clear() {
  const fields = [...document.querySelectorAll("main form :is(input, textarea)")].filter(isTyped);
  const typed = fields.map((field) => {
    const place = document.createElement("div");
    const label = document.createElement("label");
    const copy = document.createElement("textarea");
    place.className = "field";
    label.append(field.labels?.[0]?.firstChild?.textContent.trim() ?? "", copy);
    place.append(label);
    copy.className = "full";
    copy.rows = 4;
    copy.readOnly = true;
    copy.value = field.value;
    return place;
  });
  const over = document.querySelector("#session-over").content.cloneNode(true);
  const place = over.querySelector("[data-typed]");
  place.append(...typed);
  place.hidden = typed.length === 0;
  over.querySelector("a").href += `?next=${encodeURIComponent(location.pathname)}`;
  document.title = over.querySelector("h1").textContent;
  document.body.replaceChildren(over);
  channel.close();
}

function goOn(until) {
  endsAt = Math.max(endsAt, until);
  warning?.remove();
  warning = undefined;
  check();
}

async function ask() {
  const answer = await fetch("/api/v1/session", { cache: "no-store" });
  if (!answer.ok) return end();
  channel.postMessage({ token, endsAt: Date.now() + lasts });
  goOn(Date.now() + lasts);
}

function warn() {
  if (warning) return;
  const place = document.createElement("div");
  place.setAttribute("role", "status");
  document.querySelector("main").prepend(place);
  place.append(document.querySelector("#session-ending").content.cloneNode(true));
  place.querySelector("button").addEventListener("click", ask);
  warning = place;
}

function end() {
  endsAt = 0;
  check();
}

function check() {
  clearTimeout(timer);
  const left = endsAt - Date.now();
  if (left <= 0) return clear();
  if (left <= WARNING) warn();
  timer = setTimeout(check, left > WARNING ? left - WARNING : left);
}

channel.addEventListener("message", ({ data }) => {
  if (data.token !== token || data.isOver) end();
  else goOn(data.endsAt);
});
document.addEventListener("submit", ({ target }) => {
  if (target.getAttribute("action") === "/sign-out") channel.postMessage({ token, isOver: true });
});
// A tab that slept, or a page that the browser kept: the timer may not have run.
document.addEventListener("visibilitychange", check);
addEventListener("pageshow", check);
channel.postMessage({ token, endsAt });
check();
