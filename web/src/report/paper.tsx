/** What goes to paper is made when it is asked for, and taken away after: on the screen it would be rendered at every key. */

import { render } from "preact";
import { CardReport } from "./card_report";
import { PopulationReport } from "./population_report";
import { on_paper } from "./print";
import { Report } from "./report";

function Paper() {
  if (on_paper.value === "card") return <CardReport />;
  return on_paper.value === "population" ? <PopulationReport /> : <Report />;
}

export function start_paper(place: HTMLElement): void {
  const printed = matchMedia("print");
  const lay = () => render(<Paper />, place);
  const take_away = () => {
    if (!printed.matches) render(null, place);
  };
  addEventListener("beforeprint", lay);
  addEventListener("afterprint", take_away);
  printed.addEventListener("change", () => (printed.matches ? lay() : take_away()));
}
