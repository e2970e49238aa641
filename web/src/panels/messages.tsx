/** All messages in one list, each with a link to its field. */

import { card, problems } from "../case/store";
import { words } from "../words";
import { focus_field } from "./field";

/** "Doses given, row 2" rather than an id. */
export function field_name(id: string): string {
  if (id === "") return words.messages.engine;
  const [kind, name] = id.split("-") as [string, string | undefined];
  if (kind === "cov") return card.value?.covariates.find((c) => c.name === name)?.label ?? words.patient.title;
  if (kind === "dose") return words.doses.title;
  if (kind === "level") return words.levels.title;
  if (kind === "target") return words.regimens.target;
  if (kind === "what_if") return words.regimens.what_if;
  if (kind === "planned") return words.doses.planned;
  if (kind === "model") return words.header.model;
  if (kind === "horizon") return words.patient.horizon;
  return kind === "zone" ? words.patient.zone : words.patient.now;
}

export function Messages() {
  const found = problems.value.filter((p) => p.severity !== "note");
  if (found.length === 0) return null;
  return (
    <section class="messages" aria-labelledby="messages-title">
      <h2 id="messages-title">
        {words.messages.title}: {words.messages.count(found.length)}
      </h2>
      <ul>
        {found.map((problem) => (
          <li key={problem.field + problem.message} class={problem.severity}>
            {problem.field === "" ? (
              <strong>{field_name("")}</strong>
            ) : (
              <a
                href={`#${problem.field}`}
                onClick={(event) => {
                  event.preventDefault();
                  focus_field(problem.field);
                }}>
                {field_name(problem.field)}
              </a>
            )}
            : {problem.message} {problem.hint}
          </li>
        ))}
      </ul>
    </section>
  );
}
