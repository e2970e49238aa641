/** The two scales of a chart, and the shape of its inside. Time is in hours since the origin of the case. */

import { scaleLinear, scaleLog } from "d3-scale";

export interface Scales {
  time: (hours: number) => number;
  value: (value: number) => number;
  hours_at: (x: number) => number;
  width: number;
  height: number;
  value_ticks: number[];
  log: boolean;
}

/** `floor`: the smallest value that a logarithmic axis shows. Smaller ones, 0 included, lie below the chart, where they are clipped. */
export function make_scales(
  width: number,
  height: number,
  times: [number, number],
  top: number,
  floor: number,
  log: boolean,
): Scales {
  const time = scaleLinear().domain(times).range([0, width]);
  const shared = { time, hours_at: (x: number) => time.invert(x), width, height, log };
  if (log) {
    const value = scaleLog().domain([floor, top]).range([height, 0]);
    const all = value.ticks(12);
    const marked = top / floor > 200 ? [1] : [1, 2, 5];
    const decades = all.filter((v) => marked.includes(Number((v / 10 ** Math.floor(Math.log10(v) + 1e-9)).toFixed(6))));
    return { ...shared, value: (v) => value(Math.max(v, floor / 100)), value_ticks: decades };
  }
  const value = scaleLinear().domain([0, top]).range([height, 0]).nice(5);
  return { ...shared, value: (v) => value(v), value_ticks: value.ticks(5) };
}
