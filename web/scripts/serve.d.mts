import type { Server } from "node:http";

/** A server of the files of `folder`, below the sub-path `prefix`. */
export function server(folder: string, prefix?: string): Server;
