/** The card of the model on paper: the same parts as on the page, all of them open. */

import { card, compiled } from "../case/store";
import { clock_with_zone } from "../case/clock";
import { local_zone } from "../case/typed";
import { sentence } from "../format";
import { CardHead, card_parts } from "../panels/card";
import * as words from "../words";

export function CardReport() {
  const found = card.value;
  if (!found) return null;
  return (
    <article class="report card-report" aria-hidden="true">
      <header>
        <h1>
          {words.page.name}: {words.card.title}
        </h1>
        <p>{`${words.report.made} ${clock_with_zone(Date.now(), local_zone())}`}</p>
      </header>
      <h2 class="case">{sentence(found.title)}</h2>
      <CardHead found={found} />
      {card_parts(found).map((part) => (
        <section key={part.title}>
          <h2>{part.title}</h2>
          {part.content}
        </section>
      ))}
      <footer>
        <p>{words.page.not_for}</p>
        <p>{words.report.model_line(found.id, found.version, compiled.value?.hash ?? "")}</p>
      </footer>
    </article>
  );
}
