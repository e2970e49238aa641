/**
 * Every word on the page, in English: `import * as words`. Another language is another set of such files; tsc finds what is missing.
 */

export * from "./page";
export * from "./patient";
export * from "./typing";
export * from "./results";
export * from "./model";
export * from "./population";
