/**
 * Expressions as MathML, which browsers draw themselves: fractions, powers, roots, cases, subscripts. A tree of elements only;
 * `panels/formula.tsx` puts it on the page.
 */

import { unit as unit_text } from "../format";
import type { Expression } from "./expression";

export interface MathTree {
  tag: string;
  of: (MathTree | string)[];
}

const element = (tag: string, ...of: (MathTree | string)[]): MathTree => ({ tag, of });
const row = (...of: MathTree[]): MathTree => (of.length === 1 ? of[0]! : element("mrow", ...of));
const operator = (sign: string) => element("mo", sign);
const word = (text: string) => element("mtext", text);
const SPACE = "\u00a0";

const GREEK: Record<string, string> = {
  alpha: "α",
  beta: "β",
  gamma: "γ",
  delta: "δ",
  eps: "ε",
  eta: "η",
  theta: "θ",
  kappa: "κ",
  lambda: "λ",
  mu: "μ",
  sigma: "σ",
  tau: "τ",
  omega: "ω",
};

/** "eta_CL" is eta with the subscript CL, "CRCL_on_CL" is CRCL with "on CL". */
export function symbol(name: string): MathTree {
  const [head, ...rest] = name.split("_");
  const base = element("mi", GREEK[head!] ?? head!);
  return rest.length === 0 || head === ""
    ? element("mi", head === "" ? name : base.of[0]!)
    : element("msub", base, word(rest.join(" ")));
}

const SIGNS: Record<string, string> = {
  "+": "+",
  "-": "−",
  "*": "⋅",
  "<": "<",
  "<=": "≤",
  ">": ">",
  ">=": "≥",
  "==": "=",
  "!=": "≠",
};

/** How tightly an expression holds together once it is drawn; a fraction or a function needs no parentheses. */
function strength(x: Expression): number {
  if (x.kind === "unary") return x.op === "not" ? 2 : 4.5;
  if (x.kind !== "binary") return x.kind === "call" && x.name === "if" ? 0 : 9;
  const levels: Record<string, number> = { or: 0, and: 1, "+": 4, "-": 4, "*": 5, "/": 9, "^": 8 };
  return levels[x.op] ?? 3;
}

function fenced(inner: MathTree, open = "(", close = ")"): MathTree {
  return element("mrow", operator(open), inner, operator(close));
}

function at_least(x: Expression, needed: number): MathTree {
  return strength(x) < needed ? fenced(mathematics(x)) : mathematics(x);
}

function power(base: Expression, exponent: Expression): MathTree {
  // A fraction under a power needs its parentheses, and so does another power.
  const fraction = base.kind === "binary" && (base.op === "/" || base.op === "^");
  const drawn = fraction || strength(base) < 9 || (base.kind === "call" && !["abs"].includes(base.name));
  return element("msup", drawn ? fenced(mathematics(base)) : mathematics(base), mathematics(exponent));
}

function binary(x: Extract<Expression, { kind: "binary" }>): MathTree {
  if (x.op === "/") return element("mfrac", mathematics(x.left), mathematics(x.right));
  if (x.op === "^") return power(x.left, x.right);
  const own = strength(x);
  const joint = x.op === "and" || x.op === "or" ? word(`${SPACE}${x.op}${SPACE}`) : operator(SIGNS[x.op]!);
  // A sign at the very left of a product or sum needs no parentheses.
  return element("mrow", at_least(x.left, own > 4 ? 4.5 : own), joint, at_least(x.right, x.op === "+" ? own : own + 0.5));
}

/** if(a, b, if(c, d, e)) as cases, one line each. */
function cases(x: Expression): MathTree {
  const lines: MathTree[] = [];
  let rest = x;
  while (rest.kind === "call" && rest.name === "if" && rest.of.length === 3) {
    const [condition, then, otherwise] = rest.of as [Expression, Expression, Expression];
    lines.push(line(mathematics(then), row(word(`if${SPACE}`), mathematics(condition))));
    rest = otherwise;
  }
  lines.push(line(mathematics(rest), word("otherwise")));
  return element("mrow", operator("{"), element("mtable", ...lines));
}

const line = (...cells: MathTree[]) => element("mtr", ...cells.map((cell) => element("mtd", cell)));

function call(x: Extract<Expression, { kind: "call" }>): MathTree {
  const [first] = x.of;
  if (x.name === "if") return cases(x);
  if (x.of.length === 1 && first) {
    if (x.name === "exp") return element("msup", element("mi", "e"), mathematics(first));
    if (x.name === "sqrt") return element("msqrt", mathematics(first));
    if (x.name === "abs") return fenced(mathematics(first), "|", "|");
  }
  const name =
    x.name === "log"
      ? element("mi", "ln")
      : x.name === "log10"
        ? element("msub", element("mi", "log"), element("mn", "10"))
        : word(x.name.replaceAll("_", SPACE));
  const inner = x.of.flatMap((one, i) => (i === 0 ? [mathematics(one)] : [operator(","), mathematics(one)]));
  return element("mrow", name, fenced(row(...inner)));
}

export function mathematics(x: Expression): MathTree {
  switch (x.kind) {
    case "number":
      return x.unit === "" || x.unit === "1"
        ? element("mn", x.text)
        : element("mrow", element("mn", x.text), word(`${SPACE}${unit_text(x.unit)}`));
    case "name":
      return symbol(x.name);
    case "unary":
      return element("mrow", x.op === "not" ? word(`not${SPACE}`) : operator("−"), at_least(x.of, x.op === "not" ? 3 : 5));
    case "binary":
      return binary(x);
    case "call":
      return call(x);
  }
}

/** Terms of a sum, each with its sign, so that a long one can be written on several lines. */
export function terms_of(x: Expression): MathTree[] {
  if (x.kind !== "binary" || (x.op !== "+" && x.op !== "-")) return [mathematics(x)];
  const last = element("mrow", operator(SIGNS[x.op]!), at_least(x.right, x.op === "+" ? 4 : 4.5));
  return [...terms_of(x.left), last];
}

/** About how many characters wide it is drawn: a fraction is as wide as its wider part. */
export function width_of(tree: MathTree | string): number {
  if (typeof tree === "string") return tree.length;
  const parts = tree.of.map(width_of);
  if (tree.tag === "mfrac") return Math.max(...parts);
  return parts.reduce((sum, part) => sum + part, 0) * (tree.tag === "msup" || tree.tag === "msub" ? 0.85 : 1);
}
