/** What the engine is doing, said once in a live region; a bar and a way out while it works. */

import { activity, announcement, blocked, fresh, results } from "../case/store";
import { cancel, compute_again } from "../run";
import { use_update } from "../update";
import * as words from "../words";

const say = words.status;

export function Status() {
  const now = activity.value;
  const working = now.kind === "working";
  return (
    <div class="status" role="region" aria-label={say.label}>
      <p class="said" role="status">
        {announcement.value}
      </p>
      <button
        type="button"
        class={`link to-regimens ${fresh.value && results.value?.recommendation ? "" : "hidden"}`}
        onClick={show_regimens}>
        {say.to_regimens}
      </button>
      <div class={`work ${working ? "" : "hidden"}`} aria-hidden={working ? undefined : "true"}>
        <span class="what">{working ? say.working(now.what) : ""}</span>
        <progress max={1} value={working ? now.fraction : 0} aria-label={working ? say.working(now.what) : say.label} />
        <button type="button" onClick={cancel} disabled={!working}>
          {say.cancel}
        </button>
      </div>
      {use_update.value ? (
        <span class="update">
          {words.page.update}:{" "}
          <button type="button" class="link" onClick={use_update.value}>
            {words.page.update_now}
          </button>
        </span>
      ) : null}
      {now.kind === "cancelled" || now.kind === "failed" ? (
        <button type="button" onClick={compute_again}>
          {say.again}
        </button>
      ) : null}
    </div>
  );
}

/** On a narrow screen they stand far below. */
function show_regimens(): void {
  const title = document.getElementById("regimens-title");
  title?.focus({ preventScroll: true });
  title?.scrollIntoView();
}

/** Stands over every result that does not belong to what is typed now. */
export function StaleNote() {
  if (fresh.value || !results.value) return null;
  const text = blocked.value
    ? say.stale_input
    : activity.value.kind === "working" || activity.value.kind === "idle"
      ? say.stale_working
      : say.stale_failed;
  return <p class="stale-note">{text}</p>;
}
