// The page's scripts and style out of their sources. Three scripts, in the order in which the page runs them:
//
//   start   web/src/start.ts: opens the engine's workers, before anything else of the page is read
//   unpack  one line after the engine's packed code: hands that to a worker
//   page    web/src/main.tsx: the page; it finds what start.ts exports in the global `titrate_start`
//
// The worker, web/src/worker.ts, stands as a string in the first, `import source from "worker-source"`.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { build } from "esbuild";
import { minifySync } from "rolldown/utils";

/** The module that `filter` names is what `load` gives. */
const virtual = (name, filter, load) => ({
  name,
  setup(bundle) {
    bundle.onResolve({ filter }, ({ path }) => ({ path, namespace: name }));
    bundle.onLoad({ filter: /.*/, namespace: name }, load);
  },
});

/**
 * d3's scales can interpolate colours, dates and texts, and write numbers at their ticks. Those of the figures are of numbers, which
 * format.ts writes: what is left of d3-interpolate is its formula for numbers, of d3-format nothing.
 */
const numbers_alone = [
  virtual("interpolate", /^d3-interpolate$/, () => ({
    contents: `
      const number = (a, b) => (t) => a * (1 - t) + b * t;
      export { number as interpolate, number as interpolateNumber, number as interpolateRound, number as piecewise };`,
  })),
  virtual("format", /^d3-format$/, () => ({
    contents: `
      const none = () => null;
      export { none as format, none as formatPrefix, none as formatSpecifier };
      export { none as precisionFixed, none as precisionPrefix, none as precisionRound };`,
  })),
];

/** JSX as calls of preact's h: shorter than those of its jsx, whose children stand among the properties. */
const jsx = { jsx: "react", jsxFactory: "jsx_element", jsxFragmentFactory: "jsx_fragment" };
const jsx_names = (root) =>
  virtual("jsx-names", /^jsx-names$/, () => ({
    contents: `export { h as jsx_element, Fragment as jsx_fragment } from "preact"`,
    resolveDir: root,
  }));

/** What every current browser runs. */
export const target = "es2022";

/** Text for the inside of a script element; it must be hashed after this. */
export const in_script = (code) => code.replaceAll(/<\/script/gi, "<\\/script").replaceAll("<!--", "<\\!--");

/** For the page's policy. */
export const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** What esbuild made small, once more: Rolldown gives names that are more alike from one function to the next, which packs better. */
export function minified(code) {
  const { code: text, errors } = minifySync("script.js", code, { module: false, compress: { target }, mangle: true });
  if (errors.length > 0) throw new Error(errors[0].message);
  return text;
}

/** `source`: the folder of main.tsx, start.ts and worker.ts. */
export async function bundle(root, source, { minify = false } = {}) {
  const script = (code) => (minify ? minified(code) : code);
  const options = {
    bundle: true,
    write: false,
    format: "iife",
    target,
    minify,
    charset: "utf8",
    legalComments: "none",
    metafile: true,
    absWorkingDir: root,
    outdir: "/out",
    nodePaths: [join(root, "node_modules")],
    logLevel: "warning",
  };
  const worker = virtual("worker-source", /^worker-source$/, async () => {
    const built = await build({ ...options, entryPoints: [join(source, "worker.ts")] });
    return { contents: script(built.outputFiles[0].text), loader: "text" };
  });
  const started = virtual("started", /\/start$/, () => ({ contents: "export const { engine, Cancelled } = titrate_start" }));
  const start = await build({
    ...options,
    entryPoints: [join(source, "start.ts")],
    globalName: "titrate_start",
    plugins: [worker],
  });
  const page = await build({
    ...options,
    entryPoints: [join(source, "main.tsx")],
    inject: ["jsx-names"],
    tsconfigRaw: { compilerOptions: { strict: true, target, ...jsx } },
    loader: { ".css": "css" },
    plugins: [started, jsx_names(root), ...numbers_alone],
  });
  const part = (built, extension) => built.outputFiles.find((file) => file.path.endsWith(extension)).text.trim();
  return {
    start: in_script(script(part(start, ".js"))),
    unpack: "titrate_start.unpack()",
    page: in_script(script(part(page, ".js"))),
    style: part(page, ".css").replaceAll(/<\/style/gi, "<\\/style"),
    inputs: Object.keys({ ...start.metafile.inputs, ...page.metafile.inputs }),
  };
}
