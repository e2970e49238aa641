// Tables of Markdown, as tests/bench/README.md has them, and the numbers in their cells.

const at = (sorted, part) => {
  const place = part * (sorted.length - 1);
  const below = Math.floor(place);
  return sorted[below] + (place - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
};

/** Median and quartiles of some times. */
export function spread(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: at(sorted, 0.5), low: at(sorted, 0.25), high: at(sorted, 0.75) };
}

const digits = (x) => (x < 1 ? x.toFixed(2) : x < 10 ? x.toFixed(1) : x.toFixed(0));

/** "7.5 ms (7.3 to 7.9)": the median and the quartiles. */
export function ms({ median, low, high }) {
  const unit = median < 1000 ? 1 : 1000;
  return `${digits(median / unit)} ${unit === 1 ? "ms" : "s"} (${digits(low / unit)} to ${digits(high / unit)})`;
}

export const ratio = (x) => x.toPrecision(2);

/** A table whose columns are as wide as their cells. */
export function markdown(head, rows) {
  const widths = head.map((title, i) => Math.max(3, title.length, ...rows.map((row) => row[i].length)));
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
