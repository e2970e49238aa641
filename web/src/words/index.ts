/** Every word on the page, in English. Another language is another object of the type `Words`; tsc finds what is missing. */

import * as page from "./page";
import * as patient from "./patient";
import * as typing from "./typing";
import * as results from "./results";
import * as model from "./model";
import * as virtual from "./population";

const en = { ...page, ...patient, ...typing, ...results, ...model, ...virtual };

export type Words = typeof en;
export const words: Words = en;
