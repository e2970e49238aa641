/** What was packed into `bytes`. */
export function unpack(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
