/**
 * Expressions of the model language, read for showing them as mathematics. The grammar is that of engine/expr/parser.hpp, loosest
 * first: or; and; not; one comparison; + -; * /; unary -; ^ to the right; number [unit], name, call, (expression). The engine has
 * checked every text that arrives here; what cannot be read all the same is shown as it is written.
 */

export type Expression =
  | { kind: "number"; text: string; unit: string }
  | { kind: "name"; name: string }
  | { kind: "unary"; op: "-" | "not"; of: Expression }
  | { kind: "binary"; op: string; left: Expression; right: Expression }
  | { kind: "call"; name: string; of: Expression[] };

const TOKEN =
  /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|\[([^\]]*)\]|(<=|>=|==|!=|[-+*/^(),<>]))/y;

interface Token {
  kind: "number" | "name" | "unit" | "symbol" | "end";
  text: string;
}

function tokens_of(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    const [, number, name, unit, symbol] = match;
    if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (unit !== undefined) tokens.push({ kind: "unit", text: unit.trim() });
    else if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol });
    else tokens.push({ kind: ["or", "and", "not"].includes(name!) ? "symbol" : "name", text: name! });
  }
  return [...tokens, { kind: "end", text: "" }];
}

/** Operators that group to the left, loosest first. */
const LEVELS = [["or"], ["and"], ["<", "<=", ">", ">=", "==", "!="], ["+", "-"], ["*", "/"]];
const COMPARISON = 2;

class Reading {
  private at = 0;
  constructor(private readonly tokens: Token[]) {}

  private take(...symbols: string[]): string | undefined {
    const token = this.tokens[this.at]!;
    if (token.kind !== "symbol" || !symbols.includes(token.text)) return undefined;
    this.at++;
    return token.text;
  }

  private need(symbol: string): void {
    if (this.take(symbol) === undefined) throw new SyntaxError(`${symbol} is missing`);
  }

  whole(): Expression {
    const result = this.level(0);
    if (this.tokens[this.at]!.kind !== "end") throw new SyntaxError("more than one expression");
    return result;
  }

  private level(n: number): Expression {
    if (n === LEVELS.length) return this.unary();
    if (n === COMPARISON && this.take("not") !== undefined) return { kind: "unary", op: "not", of: this.level(n) };
    let left = this.level(n + 1);
    for (let op = this.take(...LEVELS[n]!); op !== undefined; op = this.take(...LEVELS[n]!))
      left = { kind: "binary", op, left, right: this.level(n + 1) };
    return left;
  }

  private unary(): Expression {
    if (this.take("-") !== undefined) return { kind: "unary", op: "-", of: this.unary() };
    const base = this.primary();
    return this.take("^") === undefined ? base : { kind: "binary", op: "^", left: base, right: this.unary() };
  }

  private primary(): Expression {
    if (this.take("(") !== undefined) {
      const inner = this.level(0);
      this.need(")");
      return inner;
    }
    const token = this.tokens[this.at++]!;
    if (token.kind === "number") {
      const next = this.tokens[this.at]!;
      if (next.kind === "unit") this.at++;
      return { kind: "number", text: token.text, unit: next.kind === "unit" ? next.text : "" };
    }
    if (token.kind !== "name") throw new SyntaxError(`${token.text} is not expected here`);
    if (this.take("(") === undefined) return { kind: "name", name: token.text };
    const of: Expression[] = [];
    do of.push(this.level(0));
    while (this.take(",") !== undefined);
    this.need(")");
    return { kind: "call", name: token.text, of };
  }
}

export function read_expression(text: string): Expression | undefined {
  const tokens = tokens_of(text);
  if (!tokens) return undefined;
  try {
    return new Reading(tokens).whole();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
