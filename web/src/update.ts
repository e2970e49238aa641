/** Hosted only: a new version waits until the user asks for it, so that an open case never changes version under them. */

import { signal } from "@preact/signals";

/** Set while a newer version waits; calling it uses that one. */
export const use_update = signal<(() => void) | undefined>(undefined);

export async function watch_updates(): Promise<void> {
  if (!location.protocol.startsWith("http") || !window.isSecureContext || !("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("sw.js");
  const offer = () => {
    const { waiting } = registration;
    if (!waiting || !navigator.serviceWorker.controller) return;
    use_update.value = () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      waiting.postMessage("activate-update");
    };
  };
  offer();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
}
