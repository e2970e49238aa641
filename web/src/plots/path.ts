/** Paths of SVG through points of the figure, to a thousandth of its unit. */

export type Point = [x: number, y: number];

const at = (value: number): string => String(Math.round(value * 1000) / 1000);
const through = (points: Point[]): string => points.map(([x, y]) => `${at(x)},${at(y)}`).join("L");

/** Straight from point to point. */
export const line = (points: Point[]): string => (points.length > 0 ? `M${through(points)}` : "");

/** Each value holds until the next point, which it reaches by a vertical step. */
export const steps = (points: Point[]): string =>
  points.map(([x, y], i) => (i === 0 ? `M${at(x)},${at(y)}` : `H${at(x)}V${at(y)}`)).join("");

/** The surface between two lines. */
export const area = (upper: Point[], lower: Point[]): string =>
  upper.length > 0 ? `M${through(upper)}L${through(lower.toReversed())}Z` : "";
