/** Starts the page: models from its data blocks, the engine from its own, then the panels. */

import { render } from "preact";
import { load_models, models, typed } from "./case/store";
import { empty_case } from "./case/typed";
import { start_engine } from "./engine";
import { App } from "./panels/app";
import { start_runs } from "./run";
import { watch_updates } from "./update";
import "./style/index.css";

const block = (id: string) => document.getElementById(id)?.textContent ?? "";

performance.mark("script");
start_runs(start_engine(block("engine-glue"), block("engine-wasm")));
load_models();
typed.value = empty_case(models.value.find((m) => m.id === "vancomycin_goti2018")?.id ?? models.value[0]?.id ?? "");
render(<App />, document.getElementById("app")!);
performance.mark("page built");

watch_updates().catch(() => {}); // without it the page works just the same, but for going offline
