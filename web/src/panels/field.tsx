/** One input with its label, unit, hint and the messages that belong to it. The label is always there, also for table cells. */

import type { ComponentChildren } from "preact";
import { population_problems } from "../case/population_store";
import { shown_problems } from "../case/store";
import type { Problem } from "../case/builder";

export function problems_at(id: string): Problem[] {
  return [...shown_problems.value, ...population_problems.value].filter((problem) => problem.field === id);
}

export function FieldMessages({ id, found }: { id: string; found: Problem[] }) {
  if (found.length === 0) return null;
  return (
    <div class="field-messages" id={`${id}-messages`}>
      {found.map((problem) => (
        <p class={`field-message ${problem.severity}`} key={problem.message}>
          <span class="mark" aria-hidden="true">
            {problem.severity === "error" ? "✕" : problem.severity === "warning" ? "!" : "i"}
          </span>
          {problem.message} {problem.hint}
        </p>
      ))}
    </div>
  );
}

interface TextProps {
  id: string;
  label: string;
  value: string;
  on_type: (value: string) => void;
  on_enter?: (() => void) | undefined;
  on_paste?: ((event: ClipboardEvent) => void) | undefined;
  unit?: string | undefined;
  placeholder?: string | undefined;
  /** A cell of a table shows its messages under the row. */
  bare?: boolean | undefined;
  numeric?: boolean | undefined;
  described_by?: string | undefined;
  list?: string | undefined;
}

export function TextInput(props: TextProps) {
  const found = problems_at(props.id);
  const described = [found.length > 0 ? `${props.id}-messages` : "", props.described_by ?? ""].filter(Boolean).join(" ");
  return (
    <input
      id={props.id}
      class={props.numeric ? "numeric" : ""}
      type="text"
      value={props.value}
      placeholder={props.placeholder ?? ""}
      inputMode={props.numeric ? "decimal" : "text"}
      autocomplete="off"
      spellcheck={false}
      list={props.list}
      aria-label={props.bare ? props.label : undefined}
      aria-invalid={found.some((p) => p.severity === "error") ? "true" : undefined}
      aria-describedby={described === "" ? undefined : described}
      onInput={(event) => props.on_type(event.currentTarget.value)}
      onPaste={props.on_paste}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !props.on_enter) return;
        event.preventDefault();
        props.on_enter();
      }}
    />
  );
}

export function Field(props: TextProps & { hint?: ComponentChildren }) {
  const hint_id = `${props.id}-hint`;
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      <span class="with-unit">
        <TextInput {...props} described_by={props.hint ? hint_id : undefined} />
        {props.unit ? <span class="unit">{props.unit}</span> : null}
      </span>
      <div class="hint" id={hint_id}>
        {props.hint}
      </div>
      <FieldMessages id={props.id} found={problems_at(props.id)} />
    </div>
  );
}

interface SelectProps {
  id: string;
  label: string;
  value: string;
  options: { value: string; text: string }[];
  on_choose: (value: string) => void;
  bare?: boolean;
  hint?: string;
}

export function Select({ id, label, value, options, on_choose, bare, hint }: SelectProps) {
  const found = problems_at(id);
  const described = [found.length > 0 ? `${id}-messages` : "", hint ? `${id}-hint` : ""].filter(Boolean).join(" ");
  const select = (
    <select
      id={id}
      value={value}
      aria-label={bare ? label : undefined}
      aria-invalid={found.some((p) => p.severity === "error") ? "true" : undefined}
      aria-describedby={described === "" ? undefined : described}
      onChange={(event) => on_choose(event.currentTarget.value)}>
      {options.map((option) => (
        <option value={option.value} key={option.value} selected={option.value === value}>
          {option.text}
        </option>
      ))}
    </select>
  );
  if (bare) return select;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {select}
      {hint ? (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      ) : null}
      <FieldMessages id={id} found={found} />
    </div>
  );
}

export function focus_field(id: string): void {
  requestAnimationFrame(() => {
    const element = document.getElementById(id) ?? document.getElementById(`${id}-0`);
    element?.focus();
    element?.scrollIntoView({ block: "center" });
  });
}
