// Serves dist/ to this machine: `npm start`. Nothing has to be installed or compiled; PORT chooses the port.

import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const types = {
  "index.html": "text/html; charset=utf-8",
  "sw.js": "text/javascript; charset=utf-8",
  "manifest.webmanifest": "application/manifest+json",
  "icon.svg": "image/svg+xml",
};

/** A server of the four files of `folder`, at `/` and below any sub-path `prefix`. Nothing else is answered. */
export function server(folder, prefix = "/") {
  return createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const name = path === prefix ? "index.html" : path.slice(prefix.length);
    if (!path.startsWith(prefix) || !Object.hasOwn(types, name)) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
      return;
    }
    response.setHeader("content-type", types[name]);
    response.setHeader("cache-control", "no-cache");
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("referrer-policy", "no-referrer");
    // The page carries its own policy; the service worker, which has none in the file, may reach this server alone.
    if (name === "sw.js") response.setHeader("content-security-policy", "default-src 'none'; connect-src 'self'");
    response.end(readFileSync(join(folder, name)));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dist = fileURLToPath(new URL("../../dist", import.meta.url));
  const wanted = Number(process.env.PORT ?? 8080);
  const listener = server(dist);
  listener.on("error", (error) => {
    if (error.code === "EADDRINUSE" && process.env.PORT === undefined) return void listener.listen(0, "127.0.0.1");
    console.error(error.message);
    process.exitCode = 1;
  });
  listener.on("listening", () => {
    console.log(`Titrate is at http://127.0.0.1:${listener.address().port}/ (Ctrl-C ends it).`);
    console.log(`It needs no server: ${join(dist, "index.html")} may as well be opened by double-click.`);
  });
  listener.listen(wanted, "127.0.0.1");
}
