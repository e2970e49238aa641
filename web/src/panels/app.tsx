/** The page: patient on the left, course in the middle, regimens on the right; cautions and basis below. */

import { card } from "../case/store";
import { Figure } from "../plots/figure";
import * as words from "../words";
import { Basis } from "./basis";
import { Cautions } from "./cautions";
import { ChancePatterns } from "./chances";
import { Covariates } from "./covariates";
import { Doses } from "./doses";
import { Footer } from "./footer";
import { Genotypes } from "./genotypes";
import { Header } from "./header";
import { InTurn } from "./in_turn";
import { Levels } from "./levels";
import { Messages } from "./messages";
import { Population } from "./population";
import { Regimens } from "./regimens";
import { Situation } from "./situation";
import { Status } from "./status";
import { Timing } from "./timing";
import { Unknowns } from "./unknowns";

export function App() {
  return (
    <>
      <a class="skip" href="#patient" onClick={skip}>
        {words.page.skip}
      </a>
      <ChancePatterns />
      <div class="screen">
        <Header />
        <Status />
        <main>
          <div class="inputs" id="patient" tabIndex={-1}>
            <Messages />
            {card.value ? (
              <>
                <Covariates />
                <Genotypes />
                <InTurn>
                  <Doses />
                  <Levels />
                </InTurn>
                <InTurn>
                  <Situation />
                  <Timing />
                </InTurn>
              </>
            ) : null}
          </div>
          <div class="centre">
            <Figure />
            <Unknowns />
            <Cautions />
          </div>
          <div class="side">
            <InTurn>
              <Regimens />
            </InTurn>
          </div>
          <div class="bottom">
            <Basis />
            <Population />
          </div>
        </main>
        <InTurn>
          <Footer />
        </InTurn>
      </div>
    </>
  );
}

/** A link to a fragment would put one into the address; focus is enough. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("patient")?.focus();
}
