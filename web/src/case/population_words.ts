/** What was typed of a distribution, in words, for those who read the result: "by Sex; male: mean 178 cm, SD 6 cm; ...". */

import type { Card } from "../../../wasm/titrate";
import { unit as unit_text } from "../format";
import * as words from "../words";
import {
  alleles_of,
  distribution_of,
  is_drawn,
  spread_of,
  stated_covariates,
  words_of,
  type CardCovariate,
  type How,
  type TypedDistribution,
  type TypedPopulation,
} from "./population";

const say = words.population.stated;

function distribution_words(card: Card, c: CardCovariate, how: How, typed: TypedDistribution): string {
  const unit = c.unit === "1" ? "" : ` ${unit_text(c.unit)}`;
  const percent = (text: string | undefined) => `${(text ?? "").replace("%", "").trim()} %`;
  const each = (names: string[], of: Record<string, string>) => names.map((name) => `${name} ${percent(of[name])}`).join(", ");
  const [low, high] = [typed.from.trim(), typed.to.trim()];
  const limits = low + high === "" ? [] : [say.range(low, high + unit)];
  if (how === "even") return say.even(low, high + unit);
  if (how === "shares") return each(c.choices ?? [], typed.shares);
  if (how === "alleles") return say.alleles(each(alleles_of(card, c), typed.alleles));
  const middle =
    how === "mean"
      ? [say.mean(typed.mean.trim() + unit), say.sd(typed.sd.trim() + unit)]
      : [say.median(typed.median.trim() + unit), say.cv(percent(typed.cv))];
  return [...middle, ...limits].join(", ");
}

/** By covariate, of those that are drawn as was typed. */
export function stated_words(card: Card, typed: TypedPopulation): Record<string, string> {
  const drawn = stated_covariates(card).filter((c) => is_drawn(spread_of(card, c, typed)));
  return Object.fromEntries(
    drawn.map((c) => {
      const spread = spread_of(card, c, typed);
      const by = stated_covariates(card).find((other) => other.name === spread.by);
      const all = words_of(card, spread).map((word) => {
        const said = distribution_words(card, c, spread.how, distribution_of(c, spread, word));
        return by ? `${word}: ${said}` : said;
      });
      return [c.name, by ? say.by(by.label, all.join("; ")) : all.join("; ")];
    }),
  );
}
