// Comfort for whoever judges; every task works without it. A template writes:
//
//   <p data-keys hidden>…</p>                     what the keys do, shown where this runs
//   <form data-papers="…">                        where working papers are put, without the criterion's name
//     <input type="hidden" name="csrf" value="…">
//     <span role="status" data-saved="…" data-failed="…"></span>
//   <section data-criterion="help_desk" tabindex="-1">   inside the form, or around it
//
// What is typed about a criterion is saved a moment after the last key, and when the page is left. Keys act only while
// the focus is inside a criterion and nothing is being typed.

const WAIT = 1200;
const clock = new Intl.DateTimeFormat("ja-JP", { timeStyle: "medium", timeZone: "Asia/Tokyo" });
const waiting = new Map();

function paperOf(form, key) {
  const typed = new FormData(form);
  const value = (name) => typed.get(`/judgements/${key}/${name}`) ?? "";
  const rows = [...typed.keys()].map((name) => name.match(/^\/judgements\/([^/]+)\/evidence\/(\d+)\//));
  const places = new Set(rows.filter((found) => found?.[1] === key).map((found) => found[2]));
  const evidence = [...places].map((place) => ({
    digest: value(`evidence/${place}/digest`),
    page: value(`evidence/${place}/page`),
  }));
  const paper = {
    reason: value("reason"),
    overrules: value("overrules") === "yes",
    evidence: evidence.filter(({ digest, page }) => digest || page),
    note: typed.get(`/notes/${key}`) ?? "",
  };
  const answer = value("answer");
  return answer ? { answer, ...paper } : paper;
}

async function save(form, key) {
  const wait = waiting.get(key);
  clearTimeout(wait?.timer);
  waiting.delete(key);
  const status = form.querySelector("[data-saved]");
  try {
    const answer = await fetch(`${form.dataset.papers}/${key}`, {
      method: "PUT",
      keepalive: true,
      headers: { "content-type": "application/json", "x-csrf-token": form.elements.csrf.value },
      body: JSON.stringify(paperOf(form, key)),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const { savedAt } = await answer.json();
    status.textContent = status.dataset.saved + clock.format(new Date(savedAt));
  } catch {
    status.textContent = status.dataset.failed;
  }
}

const formOf = (section) => section.closest("form[data-papers]") ?? section.querySelector("form[data-papers]");

for (const section of document.querySelectorAll("[data-criterion]")) {
  const form = formOf(section);
  const key = section.dataset.criterion;
  if (!form) continue;
  section.addEventListener("input", ({ target }) => {
    if (target.form !== form) return;
    clearTimeout(waiting.get(key)?.timer);
    waiting.set(key, { form, timer: setTimeout(() => save(form, key), WAIT) });
  });
  section.addEventListener("keydown", (event) => {
    const { target } = event;
    const isTyping = target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
    if (isTyping || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "4") {
      const question = section.querySelector(`[name="/questions/${key}/text"]`);
      if (!question) return;
      event.preventDefault();
      question.closest("details")?.setAttribute("open", "");
      question.focus();
      return;
    }
    const word = { 1: "met", 2: "unmet", 3: "not_applicable" }[event.key];
    const choice = word && section.querySelector(`input[name="/judgements/${key}/answer"][value="${word}"]`);
    if (!choice) return;
    event.preventDefault();
    choice.checked = true;
    choice.focus();
    choice.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// What is sent as a form is not sent a second time.
document.addEventListener("submit", () => {
  for (const { timer } of waiting.values()) clearTimeout(timer);
  waiting.clear();
});

addEventListener("pagehide", () => {
  for (const [key, { form }] of waiting) save(form, key);
});

for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;
