/** A heading that fits above its chart: SVG text neither wraps nor scrolls, and what is cut off at the edge cannot be read. */

/** Width of a character of a heading, on average and with room to spare, in CSS pixels. */
const CHARACTER = 7;

/** `label` less its last parts ("..., total"), then less its end, until it and `after` fit; `after` (the unit) always stays. */
export function heading(label: string, after: string, width: number): string {
  const room = Math.floor(width / CHARACTER) - after.length - 1;
  let text = label;
  while (text.length > room && text.includes(",")) text = text.slice(0, text.lastIndexOf(","));
  if (text.length > room) text = `${text.slice(0, Math.max(4, room - 1)).trimEnd()}…`;
  return after === "" ? text : `${text} ${after}`;
}
