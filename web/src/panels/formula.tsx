/** A formula of the model language as MathML, with its text as the title; a long sum goes over several lines. */

import { h, type VNode } from "preact";
import { read_expression } from "../case/expression";
import { mathematics, symbol, terms_of, width_of, type MathTree } from "../case/mathematics";

const LINE = 84;

const drawn = (tree: MathTree | string): VNode | string =>
  typeof tree === "string" ? tree : h(tree.tag, null, ...tree.of.map(drawn));

const row = (of: MathTree[]): MathTree => ({ tag: "mrow", of });
const sign = (text: string): MathTree => ({ tag: "mo", of: [text] });

function lines_of(terms: MathTree[]): MathTree[][] {
  const lines: MathTree[][] = [[]];
  let width = 0;
  for (const term of terms) {
    const wide = width_of(term);
    if (width > 0 && width + wide > LINE) {
      lines.push([]);
      width = 0;
    }
    lines.at(-1)!.push(term);
    width += wide;
  }
  return lines;
}

/** What stands before the equals sign. */
export type Left = { name: string } | { rate_of: string } | { start_of: string };

function left_side(left: Left): MathTree {
  if ("name" in left) return symbol(left.name);
  if ("start_of" in left) return row([symbol(left.start_of), sign("("), { tag: "mn", of: ["0"] }, sign(")")]);
  const d = (of: MathTree): MathTree => row([{ tag: "mi", of: ["d"] }, of]);
  return { tag: "mfrac", of: [d(symbol(left.rate_of)), d({ tag: "mi", of: ["t"] })] };
}

/** "name = text", or the text alone; what cannot be read is shown as it is written. */
export function Formula({ left, text }: { left?: Left; text: string }) {
  const read = read_expression(text);
  if (!read) return <code>{text}</code>;
  const start = left ? [left_side(left), sign("=")] : [];
  const lines = left ? lines_of(terms_of(read)) : [[mathematics(read)]];
  return (
    <span class="formula" title={text}>
      {lines.map((terms, i) => (
        <span class="formula-line" key={i}>
          {drawn({ tag: "math", of: [row(i === 0 ? [...start, ...terms] : terms)] })}
        </span>
      ))}
    </span>
  );
}
