// A thread of Node with an engine of its own: answers each request with its response.

import { parentPort } from "node:worker_threads";
import { load } from "../../wasm/node.mjs";

const engine = load();
parentPort.on("message", async (text) => parentPort.postMessage((await engine).call(text)));
