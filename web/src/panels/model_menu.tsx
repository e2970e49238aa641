/**
 * The choice of a model: a combobox with a list in groups, after the pattern of the ARIA Authoring Practices. Typing searches;
 * the arrow keys move through what is left, Enter takes it, Escape leaves everything as it was.
 */

import { useRef, useState } from "preact/hooks";
import { author_and_year, model_groups } from "../case/model_menu";
import { choose_model, model, models } from "../case/store";
import type { LoadedModel } from "../case/models";
import { sentence } from "../format";
import * as words from "../words";
import { FieldMessages, problems_at } from "./field";

const say = words.model_menu;
const option_id = (chosen: LoadedModel) => `model-option-${models.value.indexOf(chosen)}`;

export function ModelMenu() {
  const [open, set_open] = useState(false);
  const [query, set_query] = useState("");
  const [active, set_active] = useState<LoadedModel | undefined>(undefined);
  const input = useRef<HTMLInputElement>(null);
  const groups = open ? model_groups(models.value, query) : [];
  const listed = groups.flatMap((group) => group.models);
  const found = problems_at("model");

  const show = (text: string, at: LoadedModel | undefined) => {
    set_open(true);
    set_query(text);
    set_active(at);
    reveal(at);
  };
  const close = () => {
    set_open(false);
    set_query("");
  };
  const take = (chosen: LoadedModel) => {
    choose_model(chosen.id);
    close();
  };
  const move = (steps: number) => {
    const at = active ? listed.indexOf(active) : -1;
    const next = listed[Math.max(0, Math.min(listed.length - 1, at + steps))];
    set_active(next);
    reveal(next);
  };
  const on_key = (event: KeyboardEvent) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (steps !== undefined) {
      event.preventDefault();
      if (open) move(steps);
      else show("", model.value);
    } else if (event.key === "Enter" && open && active) {
      event.preventDefault();
      take(active);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    }
  };
  return (
    <span class="choice-field model-field">
      <label for="model">{words.header.model}</label>
      <input
        id="model"
        ref={input}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-expanded={open}
        aria-controls="model-list"
        aria-autocomplete="list"
        aria-activedescendant={open && active ? option_id(active) : undefined}
        aria-describedby={found.length > 0 ? "model-messages" : undefined}
        value={open ? query : model.value ? title_of(model.value) : ""}
        placeholder={say.search}
        onClick={() => (open ? close() : show("", model.value))}
        onInput={(event) => {
          const text = event.currentTarget.value;
          show(text, model_groups(models.value, text)[0]?.models[0]);
        }}
        onKeyDown={on_key}
        onBlur={close}
      />
      <div id="model-list" class="model-list" role="listbox" aria-label={words.header.model} hidden={!open}>
        {groups.map((group) => (
          <div role="group" aria-label={group.heading} class={group.apart ? "apart" : ""} key={group.heading}>
            <div class="heading" role="presentation">
              {group.heading}
            </div>
            {group.models.map((m) => (
              <Option key={m.id} shown={m} active={m === active} take={take} />
            ))}
          </div>
        ))}
        {open && listed.length === 0 ? (
          <div role="option" aria-disabled="true" aria-selected="false" class="none">
            {say.none(query)}
          </div>
        ) : null}
      </div>
      <span class="unseen" aria-live="polite">
        {open && query !== "" ? say.count(listed.length) : ""}
      </span>
      <FieldMessages id="model" found={found} />
    </span>
  );
}

function Option({ shown, active, take }: { shown: LoadedModel; active: boolean; take: (m: LoadedModel) => void }) {
  return (
    <div
      role="option"
      id={option_id(shown)}
      class={active ? "active" : ""}
      aria-selected={shown.id === model.value?.id}
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => take(shown)}>
      <div class="title">{title_of(shown)}</div>
      <div class="card">
        {shown.grade === "" ? null : <strong>{shown.grade}. </strong>}
        {[author_and_year(shown.citation), sentence(shown.about)].filter(Boolean).join(". ")}
      </div>
    </div>
  );
}

function title_of(shown: LoadedModel): string {
  return shown.file === "" ? sentence(shown.title) : words.header.opened_model(shown.title);
}

function reveal(chosen: LoadedModel | undefined): void {
  if (chosen) requestAnimationFrame(() => document.getElementById(option_id(chosen))?.scrollIntoView({ block: "nearest" }));
}
