/** The target: which one, its window, who set it, and the user's own limits. */

import { card, change, typed } from "../case/store";
import { unit as unit_text } from "../format";
import { limits } from "../plots/course";
import * as words from "../words";
import { FieldMessages, problems_at, Select, TextInput } from "./field";

const say = words.regimens;

export function Target() {
  const targets = card.value?.targets ?? [];
  const target = targets.find((t) => t.id === typed.value.target.id) ?? targets[0];
  if (!target) return null;
  const own = (typed.value.target.low + typed.value.target.high).trim() !== "";
  const set = (part: "low" | "high") => (value: string) =>
    change((before) => ({ ...before, target: { ...before.target, [part]: value } }), `target-${part}`);
  const choose = (id: string) => change((before) => ({ ...before, target: { id, low: "", high: "" } }));
  return (
    <div class="target">
      <Select
        id="target-id"
        label={say.target}
        value={target.id}
        options={targets.map((t) => ({ value: t.id, text: `${t.label}: ${limits(t)}` }))}
        on_choose={choose}
      />
      <div class="own-limits">
        {(["low", "high"] as const).map((part) => (
          <span class="inline-field" key={part}>
            <label for={`target-${part}`}>{part === "low" ? say.own_low : say.own_high}</label>
            <TextInput
              id={`target-${part}`}
              label={part === "low" ? say.own_low : say.own_high}
              numeric
              value={typed.value.target[part]}
              placeholder={target[part] === undefined ? "–" : String(target[part])}
              on_type={set(part)}
            />
          </span>
        ))}
        <span class="unit">{unit_text(target.unit)}</span>
        {own ? (
          <button type="button" class="link" onClick={() => choose(target.id)}>
            {say.reset}
          </button>
        ) : null}
      </div>
      <FieldMessages id="target-low" found={problems_at("target-low")} />
      <FieldMessages id="target-high" found={problems_at("target-high")} />
      <p class="hint">{own ? say.own_source : say.source(target.source)}</p>
    </div>
  );
}
