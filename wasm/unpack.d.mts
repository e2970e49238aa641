export function unpack(decoder: Uint8Array, block: Uint8Array): Uint8Array<ArrayBuffer>;
