// The model language as mathematics: what is drawn, and that every formula of the library can be drawn.

import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { read_expression } from "../../../web/src/case/expression";
import { mathematics, terms_of, type MathTree } from "../../../web/src/case/mathematics";

const written = (tree: MathTree | string): string =>
  typeof tree === "string" ? tree : `<${tree.tag}>${tree.of.map(written).join("")}</${tree.tag}>`;

/** In short: identifiers, numbers and operators bare, rows in braces. */
const drawn = (text: string) =>
  written(mathematics(read_expression(text)!))
    .replace(/<(mi|mn|mo|mtext)>(.*?)<\/\1>/g, "$2")
    .replaceAll("<mrow>", "{")
    .replaceAll("</mrow>", "}")
    .replaceAll("\u00a0", " ");

describe("an expression as MathML", () => {
  test("elements are those that browsers draw: identifiers, numbers, operators, fractions and powers", () => {
    expect(written(mathematics(read_expression("a / 2 ^ b")!))).toBe(
      "<mfrac><mi>a</mi><msup><mn>2</mn><mi>b</mi></msup></mfrac>",
    );
    expect(written(mathematics(read_expression("eta_CL")!))).toBe("<msub><mi>η</mi><mtext>CL</mtext></msub>");
    expect(written(mathematics(read_expression("120 [mL/min]")!))).toBe("<mrow><mn>120</mn><mtext>\u00a0mL/min</mtext></mrow>");
  });

  test("a product of a typical value, a power of a ratio and an exponential reads as in a paper", () => {
    expect(drawn("TVCL * (CRCL / 120 [mL/min])^CRCL_on_CL * exp(eta_CL)")).toBe(
      "{{TVCL⋅<msup>{(<mfrac>CRCL{120 mL/min}</mfrac>)}<msub>CRCLon CL</msub></msup>}⋅<msup>e<msub>ηCL</msub></msup>}",
    );
  });

  test("parentheses stand exactly where the meaning needs them", () => {
    expect(drawn("a * (b + c)")).toBe("{a⋅{({b+c})}}");
    expect(drawn("(a * b) + c")).toBe("{{a⋅b}+c}");
    expect(drawn("a - (b - c)")).toBe("{a−{({b−c})}}");
    expect(drawn("a - b - c")).toBe("{{a−b}−c}");
    expect(drawn("a - (b + c)")).toBe("{a−{({b+c})}}");
    expect(drawn("(a + b) / (c - d)")).toBe("<mfrac>{a+b}{c−d}</mfrac>");
    expect(drawn("-a^b")).toBe("{−<msup>ab</msup>}");
    expect(drawn("(-a)^b")).toBe("<msup>{({−a})}b</msup>");
    expect(drawn("-(a + b)")).toBe("{−{({a+b})}}");
    expect(drawn("a^b^c")).toBe("<msup>a<msup>bc</msup></msup>");
    expect(drawn("(a^b)^c")).toBe("<msup>{(<msup>ab</msup>)}c</msup>");
    expect(drawn("-a * b")).toBe("{{−a}⋅b}");
    expect(drawn("a * -b")).toBe("{a⋅{({−b})}}");
  });

  test("roots, logarithms, functions and cases", () => {
    expect(drawn("sqrt(a + b)")).toBe("<msqrt>{a+b}</msqrt>");
    expect(drawn("log(a) + log10(b)")).toBe("{{ln{(a)}}+{<msub>log10</msub>{(b)}}}");
    expect(drawn("max(SCR, 1 [mg/dL])")).toBe("{max{({SCR,{1 mg/dL}})}}");
    expect(drawn("fat_free_mass(WT)")).toBe("{fat free mass{(WT)}}");
    expect(drawn("if(a > 65 [year] and not b == 1, 2, if(c <= 3, 4, 5))")).toBe(
      "{{<mtable><mtr><mtd>2</mtd><mtd>{if {{a>{65 year}} and {not {b=1}}}}</mtd></mtr>" +
        "<mtr><mtd>4</mtd><mtd>{if {c≤3}}</mtd></mtr><mtr><mtd>5</mtd><mtd>otherwise</mtd></mtr></mtable>}",
    );
  });

  test("a long sum falls into its terms, each with its sign", () => {
    expect(terms_of(read_expression("a - b * c + (d - e) - (f + g)")!).map((t) => written(t).replace(/<\/?m\w+>/g, ""))).toEqual([
      "a",
      "−b⋅c",
      "+d−e",
      "−(f+g)",
    ]);
  });

  test("what is no expression is not drawn", () => {
    for (const text of ["", "a +", "(a", "a b", "f(a,)", "1 [mg", "a ? b"]) expect(read_expression(text)).toBeUndefined();
  });
});

test("every formula of the library can be drawn", () => {
  const folder = new URL("../../../models/", import.meta.url);
  const lost: string[] = [];
  let count = 0;
  const look = (id: string, x: unknown) => {
    const text = typeof x === "string" ? x : (x as { value?: unknown } | null)?.value;
    if (typeof text !== "string") return;
    count++;
    if (!read_expression(text)) lost.push(`${id}: ${text}`);
  };
  for (const name of readdirSync(folder).filter((n) => n.endsWith(".json") && n !== "schema.json")) {
    const model = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
    for (const part of ["individual", "derived", "outputs"]) for (const x of Object.values(model[part] ?? {})) look(name, x);
    for (const x of Object.values<Record<string, unknown>>(model.equations ?? {}))
      for (const text of [x.derivative ?? x, x.initial]) look(name, text);
  }
  expect(count).toBeGreaterThan(1000);
  expect(lost).toEqual([]);
});
