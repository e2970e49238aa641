/** Starts the page: the engine at once, models and panels when the models have been read, each in a task of its own. */

import { engine } from "./start";
import { render } from "preact";
import { in_turn } from "./case/in_turn";
import { load_models, typed } from "./case/store";
import { empty_case } from "./case/typed";
import { App } from "./panels/app";
import { start_paper } from "./report/paper";
import { start_runs } from "./run";
import { watch_updates } from "./update";
import "./style/index.css";

const FIRST_MODEL = "vancomycin_goti2018";
const place = (id: string) => document.getElementById(id)!;

addEventListener("DOMContentLoaded", () => {
  in_turn(() => (typed.value = empty_case(FIRST_MODEL)));
  in_turn(() => {
    render(<App />, place("app"));
    start_paper(place("paper"));
    performance.mark("page built");
  });
  in_turn(() => start_runs(engine));
  load_models(FIRST_MODEL);
  watch_updates().catch(() => {}); // without it the page works just the same, but for going offline
});
