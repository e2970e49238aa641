/** Where "now" is, how far to look ahead, and the zone that all clock times are read in. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { change, typed } from "../case/store";
import type { TypedCase } from "../case/typed";
import { clock_text } from "../case/clock";
import * as words from "../words";
import { Field } from "./field";

const say = words.patient;

/** Hundreds: they are made once, when one of these fields is entered first. */
function zone_options(): ComponentChildren {
  const zones = "supportedValuesOf" in Intl ? Intl.supportedValuesOf("timeZone") : [];
  return zones.map((zone) => <option value={zone} key={zone} />);
}

export function Timing() {
  const set = (part: "now" | "horizon" | "zone") => (value: string) =>
    change((before): TypedCase => ({ ...before, [part]: value }), part);
  const [zones, set_zones] = useState<ComponentChildren>(null);
  return (
    <section class="panel" aria-labelledby="timing-title">
      <h2 id="timing-title">{say.timing}</h2>
      <div class="timing" onFocusIn={() => set_zones((known) => known ?? zone_options())}>
        <Field
          id="now"
          label={say.now}
          value={typed.value.now}
          placeholder="2026-03-03 09:00"
          hint={
            <>
              {say.now_hint}{" "}
              <button type="button" class="link" onClick={() => set("now")(clock_text(Date.now(), typed.value.zone))}>
                {say.now_set}
              </button>
            </>
          }
          on_type={set("now")}
        />
        <Field
          id="horizon"
          label={say.horizon}
          value={typed.value.horizon}
          unit="h"
          numeric
          hint={say.horizon_hint}
          on_type={set("horizon")}
        />
        <Field id="zone" label={say.zone} value={typed.value.zone} list="zones" on_type={set("zone")} />
        <datalist id="zones">{zones}</datalist>
      </div>
    </section>
  );
}
