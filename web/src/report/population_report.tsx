/** The virtual patients on paper: what was found, and who was drawn. What no longer belongs to the settings is withheld. */

import { clock_with_zone } from "../case/clock";
import { drawn_population, population_key } from "../case/population_store";
import { local_zone } from "../case/typed";
import { sentence } from "../format";
import { Found } from "../panels/population_results";
import * as words from "../words";

export function PopulationReport() {
  const drawn = drawn_population.value;
  if (!drawn?.found) return null;
  return (
    <article class="report card-report" aria-hidden="true">
      <header>
        <h1>
          {words.page.name}: {words.population.title}
        </h1>
        <p>{`${words.report.made} ${clock_with_zone(Date.now(), local_zone())}`}</p>
      </header>
      <h2 class="case">{sentence(drawn.title)}</h2>
      {drawn.key === population_key.value ? (
        <Found drawn={drawn} found={drawn.found} />
      ) : (
        <p class="withheld">{words.population.stale}</p>
      )}
      <footer>
        <p>{words.page.not_for}</p>
        <p>{words.report.model_line(drawn.model.id, drawn.model.version, drawn.model.hash)}</p>
      </footer>
    </article>
  );
}
