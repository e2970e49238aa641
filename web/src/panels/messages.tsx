/** All messages in one list, each with a link to its field. */

import { card, gaps, shown_problems } from "../case/store";
import * as words from "../words";
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
  if (kind === "session") return words.situation.sessions;
  if (kind === "drug") return words.situation.co_medication;
  if (kind === "input") return words.situation.inputs;
  if (kind === "earlier") return words.situation.earlier;
  if (kind === "prior") return words.situation.prior_weight;
  if (kind === "horizon") return words.patient.horizon;
  return kind === "zone" ? words.patient.zone : words.patient.now;
}

function FieldLink({ field }: { field: string }) {
  return (
    <a
      href={`#${field}`}
      onClick={(event) => {
        event.preventDefault();
        focus_field(field);
      }}>
      {field_name(field)}
    </a>
  );
}

export function Messages() {
  const found = shown_problems.value.filter((p) => p.severity !== "note");
  return (
    <>
      {found.length > 0 ? (
        <section class="messages" aria-labelledby="messages-title">
          <h2 id="messages-title">
            {words.messages.title}: {words.messages.count(found.length)}
          </h2>
          <ul>
            {found.map((problem) => (
              <li key={problem.field + problem.message} class={problem.severity}>
                {problem.field === "" ? <strong>{field_name("")}</strong> : <FieldLink field={problem.field} />}:{" "}
                {problem.message} {problem.hint}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {gaps.value.length > 0 ? (
        <p class="gaps">
          {words.messages.needed}:{" "}
          {gaps.value.map((gap, i) => (
            <span key={gap.field}>
              {i > 0 ? ", " : ""}
              <FieldLink field={gap.field} />
            </span>
          ))}
        </p>
      ) : null}
    </>
  );
}
