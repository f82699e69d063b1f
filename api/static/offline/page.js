// The offline page. What is read stays in this page: it is put into no address, no request and no store. The words stand
// in the page's templates:
//
//   <template data-answer="valid">…          one for each answer, or answer and reason: "unknown list_old"
//   [data-fill=holder] and the like          filled with what the signature covers, or left out

import { answer } from "./answer.js";
import { kept, refreshed } from "./knowledge.js";
import { codesIn } from "./picture.js";

const part = (name) => document.querySelector(`[data-part=${name}]`);
const language = document.documentElement.lang;
const clock = new Intl.DateTimeFormat(language === "ja" ? "ja-JP" : "en-GB", {
  dateStyle: "medium",
  timeStyle: "medium",
  timeZone: "Asia/Tokyo",
});
const moment = (seconds) => clock.format(seconds * 1000);
const now = () => Math.floor(Date.now() / 1000);
const spans = new Intl.RelativeTimeFormat(language, { numeric: "always" });

let known = null;
let stream = null;

/** How long ago, in words. */
function ago(seconds) {
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const past = Math.max(0, now() - seconds);
  const [unit, length] = units.find(([, length]) => past >= length) ?? units[3];
  return spans.format(-Math.floor(past / length), unit);
}

function showKnowledge() {
  part("known").hidden = !known;
  part("nothing-known").hidden = Boolean(known);
  if (known) part("fetched").textContent = `${moment(known.fetchedAt)} (${ago(known.fetchedAt)})`;
}

function fill(place, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = place.querySelector(`[data-fill=${name}]`);
    if (!field) continue;
    if (value) field.textContent = value;
    else field.closest("[data-line]").remove();
  }
}

function show({ answer, why, claims, list, licence }) {
  const template = document.querySelector(`template[data-answer="${[answer, why].filter(Boolean).join(" ")}"]`);
  const shown = template.content.cloneNode(true);
  const kinds = part("tools").dataset;
  fill(shown, {
    holder: claims?.holder,
    number: claims?.number,
    kind: claims && kinds[claims.kind],
    licence: claims?.licence ?? licence,
    ends: claims && moment(claims.endsAt),
    list: list && `${moment(list.issuedAt)} (${ago(list.issuedAt)})`,
    fetched: known && `${moment(known.fetchedAt)} (${ago(known.fetchedAt)})`,
    checked: moment(now()),
  });
  const place = part("answer");
  place.replaceChildren(shown);
  place.focus();
  say("");
}

function say(name) {
  part("told").textContent = name ? part("tools").dataset[name] : "";
}

async function check(text) {
  if (!text.trim()) return say("empty");
  show(await answer(text, known, now()));
}

/** Of several codes in a picture a genuine one is the mark. */
async function checkAll(codes) {
  if (!codes.length) return say("none");
  const answers = await Promise.all(codes.map((code) => answer(code, known, now())));
  show(answers.find((one) => one.claims) ?? answers.find((one) => one.licence) ?? answers[0]);
}

function stopCamera() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  part("camera").hidden = true;
}

async function useCamera() {
  const video = part("video");
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 } } });
  } catch {
    return say("noCamera");
  }
  const mine = stream;
  part("camera").hidden = false;
  video.srcObject = stream;
  await video.play();
  while (stream === mine) {
    const codes = video.readyState >= 2 ? await codesIn(video, video.videoWidth, video.videoHeight) : [];
    if (stream === mine && codes.length) {
      stopCamera();
      return checkAll(codes);
    }
    await new Promise((later) => setTimeout(later, 120));
  }
}

async function readPicture({ target }) {
  const [file] = target.files;
  if (!file) return;
  try {
    const picture = await createImageBitmap(file);
    await checkAll(await codesIn(picture, picture.width, picture.height));
  } catch {
    say("none");
  }
  target.value = "";
}

async function refresh() {
  try {
    known = await refreshed();
    say("fresh");
  } catch {
    say("stale");
  }
  showKnowledge();
}

function readFragment() {
  const code = decodeURIComponent(location.hash.slice(1));
  // A link to a part of the page is no mark.
  if (!code || document.getElementById(code)) return;
  history.replaceState(null, "", location.pathname);
  check(code);
}

part("check").addEventListener("click", () => check(part("code").value));
part("picture").addEventListener("change", readPicture);
part("start").addEventListener("click", useCamera);
part("stop").addEventListener("click", stopCamera);
part("refresh").addEventListener("click", refresh);
addEventListener("hashchange", readFragment);
addEventListener("pagehide", stopCamera);

// Whoever came in one language finds the other one too without a network.
for (const scope of ["/offline", "/en/offline"]) {
  await navigator.serviceWorker?.register("/offline/worker.js", { scope }).catch(() => {});
}
known = await kept().catch(() => null);
showKnowledge();
part("tools").hidden = false;
readFragment();
await refresh();
say("");
document.documentElement.dataset.ready = "yes";
