// Keeps the hosted page for use without a network. A new version waits until the page asks for it, so that an open case never
// changes the version under it.
const family = `titrate ${registration.scope} `;
const own = `${family}f75d4ce286f4cc26`;
const files = ["./", "index.html", "manifest.webmanifest", "icon.svg"].map((file) => new Request(file, { cache: "reload" }));
const without = (names) => names.filter((name) => name.startsWith(family) && name !== own);
const forget = (names) => Promise.all(without(names).map((name) => caches.delete(name)));

addEventListener("install", (event) => event.waitUntil(caches.open(own).then((cache) => cache.addAll(files))));
addEventListener("activate", (event) => event.waitUntil(caches.keys().then(forget)));
addEventListener("message", (event) => event.data === "activate-update" && skipWaiting());
addEventListener("fetch", (event) => {
  const kept = caches.open(own).then((cache) => cache.match(event.request, { ignoreSearch: true }));
  event.respondWith(kept.then((response) => response ?? fetch(event.request)));
});
