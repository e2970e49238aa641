/** What this is and is not, the model, and what can be done with a case. */

import type { ComponentChildren } from "preact";
import { announcement, can_undo, change, compiled, engine_version, models, replace_case, typed, undo } from "../case/store";
import { describe_model } from "../case/models";
import { download, read_save, save_text } from "../case/file";
import { empty_case } from "../case/typed";
import { print_report } from "../report/print";
import * as words from "../words";
import { load_worked, worked_patients } from "../worked/worked";
import { ModelMenu } from "./model_menu";

const say = words.header;

async function open_file(input: HTMLInputElement, use: (text: string, name: string) => void): Promise<void> {
  const file = input.files?.[0];
  input.value = "";
  if (!file) return;
  try {
    use(await file.text(), file.name);
  } catch (error) {
    announcement.value = words.status.open_failed(file.name, error instanceof Error ? error.message : String(error));
  }
}

function open_model(text: string, name: string): void {
  const opened = describe_model(JSON.parse(text), name);
  models.value = [...models.value.filter((m) => m.id !== opened.id), opened];
  change((before) => ({ ...before, model: opened.id }));
  announcement.value = words.status.opened(name);
}

function open_case(text: string, name: string): void {
  replace_case(read_save(text), words.status.opened(name));
}

function save(): void {
  const made_with = {
    engine: engine_version.value,
    model: typed.value.model,
    version: compiled.value?.version ?? "",
    hash: compiled.value?.hash ?? "",
  };
  download("titrate-case.json", save_text({ case: typed.value, made_with }));
  announcement.value = words.status.saved;
}

function FileButton({
  id,
  label,
  accept,
  use,
}: {
  id: string;
  label: string;
  accept: string;
  use: (text: string, name: string) => void;
}) {
  return (
    <span class="file-button">
      <input id={id} type="file" accept={accept} class="unseen" onChange={(event) => void open_file(event.currentTarget, use)} />
      <label for={id} class="button">
        {label}
      </label>
    </span>
  );
}

function Button({ on_click, disabled, children }: { on_click: () => void; disabled?: boolean; children: ComponentChildren }) {
  return (
    <button type="button" onClick={on_click} disabled={disabled ?? false}>
      {children}
    </button>
  );
}

export function Header() {
  return (
    <header class="top">
      <div class="brand">
        <h1>{words.page.name}</h1>
        <p class="intended">{words.page.intended}</p>
      </div>
      <div class="choices">
        <ModelMenu />
        <span class="choice-field">
          <label for="worked">{say.example}</label>
          <select id="worked" value="" onChange={(event) => load_worked(event.currentTarget.value)}>
            <option value="">{say.example_none}</option>
            {worked_patients.map((w) => (
              <option key={w.id} value={w.id}>
                {w.title}
              </option>
            ))}
          </select>
        </span>
      </div>
      <div class="tools" role="group" aria-label={say.tools}>
        <Button on_click={undo} disabled={can_undo.value === 0}>
          {say.undo}
        </Button>
        <Button on_click={() => replace_case(empty_case(typed.value.model), words.status.waiting)}>{say.new_case}</Button>
        <FileButton id="open-case" label={say.open} accept=".json,application/json" use={open_case} />
        <Button on_click={save}>{say.save}</Button>
        <FileButton id="open-model" label={say.open_model} accept=".json,application/json" use={open_model} />
        <button type="button" class="primary" onClick={print_report}>
          {say.print}
        </button>
      </div>
    </header>
  );
}
