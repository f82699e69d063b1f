// Keeps the offline page for when there is no network. It answers for the page's own files and for nothing else: what the
// page knows of the register it keeps itself (knowledge.js), and no mark is ever part of a request.
//
// VERSION is the digest of all that is kept; another one, and the browser takes this worker anew.

const VERSION = "@VERSION@";
const CACHE = `otasuketai-offline-${VERSION}`;
const FILES = [
  "/offline", "/en/offline", "/offline/page.js", "/offline/answer.js", "/offline/knowledge.js", "/offline/token.js",
  "/offline/picture.js", "/offline/decode.js", "/offline/index.js", "/offline/app.webmanifest",
  "/static/site.css", "/static/icon.svg",
];

async function install() {
  const cache = await caches.open(CACHE);
  // As nobody: a page that was kept for somebody signed in would name them.
  await cache.addAll(FILES.map((file) => new Request(file, { credentials: "omit", cache: "reload" })));
  await self.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("otasuketai-offline-") && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

async function respond(request, path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin || !FILES.includes(pathname)) return;
  event.respondWith(respond(event.request, pathname));
});
