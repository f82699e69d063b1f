// Saves a draft's step by itself while somebody types. A template writes <form data-draft> with the version that was
// read, the words of #saving, and data-live on whatever a save makes new. The page itself is what a save answers with:
// the server writes it, and this takes the parts that say how the draft stands now. Nothing here decides anything, and
// without it the form's buttons save as well.

const form = document.querySelector("form[data-draft]");
const told = document.getElementById("saving");

// After the last key, and at most this long while somebody goes on typing.
const PAUSE = 1500;
const LONGEST = 10_000;
// Between attempts that fail, doubling.
const RETRY = 2000;
const LONGEST_RETRY = 60_000;
// What a browser sends on behalf of a page that is gone, in bytes.
const LAST_WORDS = 60_000;

let isDirty = false;
let isHalted = false;
let running = null;
let timer = 0;
let since = 0;
let failures = 0;

const say = (what) => (told.textContent = told.dataset[what] ?? "");

function body(go) {
  const fields = new FormData(form);
  const pairs = [...fields].filter(([name, value]) => typeof value === "string" && name !== "go");
  return new URLSearchParams([...pairs, ["go", go]]);
}

function renew(page) {
  for (const fresh of page.querySelectorAll("[data-live]")) {
    const shown = document.getElementById(fresh.id);
    if (!shown) {
      continue;
    }
    if (shown.matches("input")) {
      shown.value = fresh.value;
    } else if (!shown.contains(document.activeElement)) {
      shown.replaceChildren(...fresh.childNodes);
    }
  }
}

const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

// Signed in again in another tab, the session is another, and so is what its forms carry.
async function takeToken() {
  const answer = await fetch(form.action, { redirect: "manual" }).catch(() => null);
  const token = answer?.ok && (await parsed(answer)).querySelector("form[data-draft] [name=csrf]");
  if (token) {
    form.elements.csrf.value = token.value;
  }
  return Boolean(token);
}

function send() {
  const sent = body("quiet");
  const keepalive = sent.toString().length < LAST_WORDS;
  return fetch(form.action, { method: "POST", body: sent, keepalive, redirect: "manual" });
}

async function attempt() {
  const answer = await send();
  if (answer.ok) {
    renew(await parsed(answer));
    return "waiting";
  }
  if (answer.status === 412) {
    isHalted = true;
    return "changed";
  }
  if (answer.status === 401 || answer.status === 403) {
    return (await takeToken()) ? "again" : "signedOut";
  }
  return "failed";
}

async function save() {
  clearTimeout(timer);
  if (running || isHalted || !isDirty) {
    return running;
  }
  isDirty = false;
  since = 0;
  running = attempt().catch(() => "failed");
  const outcome = await running;
  running = null;
  if (outcome === "waiting") {
    failures = 0;
    say(isDirty ? "typing" : "waiting");
  } else {
    isDirty = true;
    say(outcome === "again" ? "typing" : outcome);
    failures += 1;
  }
  if (isDirty && !isHalted) {
    const wait = outcome === "waiting" || outcome === "again" ? PAUSE : Math.min(RETRY * 2 ** (failures - 1), LONGEST_RETRY);
    timer = setTimeout(save, wait);
  }
}

function typed(event) {
  if (event.target.type === "file" || isHalted) {
    return;
  }
  isDirty = true;
  since ||= Date.now();
  if (failures === 0) {
    say("typing");
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
  }
}

// The window closes or another page opens: what is not saved yet goes on its way without us.
function leave() {
  if (isDirty && !isHalted) {
    isDirty = false;
    send().catch(() => (isDirty = true));
  }
}

// What would be lost with the window.
const isInDanger = () => isDirty && !isHalted && (running || failures > 0 || body("quiet").toString().length >= LAST_WORDS);

if (form) {
  say("waiting");
  form.addEventListener("input", typed);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isDirty = false;
    isHalted = true;
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  window.addEventListener("pagehide", leave);
  window.addEventListener("online", save);
  window.addEventListener("beforeunload", (event) => isInDanger() && event.preventDefault());
  // From the browser's own memory the page comes back as it was, and the draft may not be that any more.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
}
