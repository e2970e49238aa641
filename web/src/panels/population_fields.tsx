/** A field and a choice of the form, each with its label, its hint and what is wrong with it. */

import { built_population, tried } from "../case/population_store";

function message_at(id: string): string | undefined {
  return tried.value ? built_population.value?.problems.find((problem) => problem.field === id)?.message : undefined;
}

function Below({ id, hint, message }: { id: string; hint?: string | undefined; message?: string | undefined }) {
  return (
    <>
      {hint ? (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      ) : null}
      {message ? (
        <p class="field-message error" id={`${id}-message`}>
          <span class="mark" aria-hidden="true">
            ✕
          </span>
          {message}
        </p>
      ) : null}
    </>
  );
}

const described = (id: string, hint?: string, message?: string) =>
  [hint ? `${id}-hint` : "", message ? `${id}-message` : ""].filter(Boolean).join(" ") || undefined;

interface FieldProps {
  id: string;
  label: string;
  value: string;
  unit?: string;
  hint?: string;
  on_type: (text: string) => void;
}

export function PopulationField({ id, label, value, unit, hint, on_type }: FieldProps) {
  const message = message_at(id);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <span class="with-unit">
        <input
          id={id}
          class="numeric"
          type="text"
          value={value}
          autocomplete="off"
          spellcheck={false}
          aria-invalid={message ? "true" : undefined}
          aria-describedby={described(id, hint, message)}
          onInput={(event) => on_type(event.currentTarget.value)}
        />
        {unit ? <span class="unit">{unit}</span> : null}
      </span>
      <Below id={id} hint={hint} message={message} />
    </div>
  );
}

interface SelectProps {
  id: string;
  label: string;
  value: string;
  hint?: string;
  options: { value: string; text: string }[];
  on_choose: (value: string) => void;
}

export function PopulationSelect({ id, label, value, hint, options, on_choose }: SelectProps) {
  const message = message_at(id);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-invalid={message ? "true" : undefined}
        aria-describedby={described(id, hint, message)}
        onChange={(event) => on_choose(event.currentTarget.value)}>
        {options.map((option) => (
          <option value={option.value} key={option.value} selected={option.value === value}>
            {option.text}
          </option>
        ))}
      </select>
      <Below id={id} hint={hint} message={message} />
    </div>
  );
}
