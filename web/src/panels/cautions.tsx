/** Clinical doubt, in three grades that differ by word and shape; a stop that may be accepted is accepted here, and printed. */

import type { Caution } from "../../../wasm/titrate";
import { cautions, change, fresh, typed } from "../case/store";
import { sentence } from "../format";
import * as words from "../words";

const say = words.cautions;
const ORDER = { stop: 0, warn: 1, note: 2 };
export const SIGN = { stop: "■", warn: "▲", note: "●" };

export function sorted(list: Caution[]): Caution[] {
  return [...list].sort((a, b) => ORDER[a.grade] - ORDER[b.grade]);
}

/** Cautions that differ only in what they are about (each of several levels, say) are one, with several messages. */
export function grouped(list: Caution[]): { caution: Caution; messages: string[] }[] {
  const groups = new Map<string, { caution: Caution; messages: string[] }>();
  for (const caution of sorted(list)) {
    const name = [caution.id, caution.grade, caution.why, caution.what_to_do, caution.acceptable].join("\n");
    const group = groups.get(name) ?? { caution, messages: [] };
    group.messages.push(caution.message);
    groups.set(name, group);
  }
  return [...groups.values()];
}

function accept(id: string, yes: boolean): void {
  change((before) => ({
    ...before,
    accepted: yes ? [...before.accepted.filter((a) => a !== id), id] : before.accepted.filter((a) => a !== id),
  }));
}

export function Cautions() {
  const found = sorted(cautions.value);
  const named = new Set(found.map((c) => c.id));
  const accepted = typed.value.accepted.filter((id) => !named.has(id));
  return (
    <section class="panel cautions" aria-labelledby="cautions-title">
      <h2 id="cautions-title">{say.title}</h2>
      {found.length === 0 && accepted.length === 0 ? (
        <p class="empty">{fresh.value ? say.none : words.status.no_result}</p>
      ) : null}
      <ul>
        {grouped(found).map(({ caution, messages }) => (
          <li key={caution.id + caution.message} class={`caution ${caution.grade}`}>
            <p class="message">
              <span class="sign" aria-hidden="true">
                {SIGN[caution.grade]}
              </span>
              <strong>{say.grades[caution.grade]}:</strong> {sentence(messages.join(" "))}
            </p>
            <p>
              <b>{say.why}</b> {sentence(caution.why)} {say.explained[caution.id] ?? ""} <b>{say.what_to_do}</b>{" "}
              {sentence(caution.what_to_do)}
            </p>
            {caution.acceptable ? <Acceptance id={caution.id} /> : null}
          </li>
        ))}
        {accepted.map((id) => (
          <li key={id} class="caution note">
            <Acceptance id={id} named />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Acceptance({ id, named }: { id: string; named?: boolean }) {
  return (
    <label class="accept">
      <input
        type="checkbox"
        id={`accept-${id}`}
        checked={typed.value.accepted.includes(id)}
        onChange={(e) => accept(id, e.currentTarget.checked)}
      />
      {named ? `${id}: ` : ""}
      {say.accept}
    </label>
  );
}
