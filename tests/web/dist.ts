// Where the built page is, by double-click and from a server at a sub-path.

import { fileURLToPath, pathToFileURL } from "node:url";
import { resolve } from "node:path";
import type { AddressInfo } from "node:net";
import { server } from "../../web/scripts/serve.mjs";

export const dist = resolve(process.env.TITRATE_DIST ?? fileURLToPath(new URL("../../dist", import.meta.url)));

export const by_double_click = pathToFileURL(`${dist}/index.html`).href;

/** Serves dist/ below a sub-path until `close` is called. */
export async function hosted(): Promise<{ url: string; close: () => void }> {
  const listener = server(dist, "/tools/titrate/");
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  const { port } = listener.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/tools/titrate/`, close: () => listener.close() };
}
