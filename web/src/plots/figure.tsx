/** The figure: one time axis for levels, effects and covariates, read by mouse or by arrow keys, with its numbers as text. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { signal } from "@preact/signals";
import { following } from "../case/in_turn";
import { card, drawn as drawn_results, fresh, results, type Results } from "../case/store";
import { clock_text } from "../case/clock";
import { interval, quantity, unit as unit_text } from "../format";
import * as words from "../words";
import { compared_kinds } from "../panels/compared";
import { load_worked, worked_patients } from "../worked/worked";
import { Chart, MARGIN, type ChartOptions } from "./chart";
import { courses, hours_in, nearest, type Course } from "./course";
import { CovariateSteps, STEPS_HEIGHT } from "./covariate_steps";
import { DataTable } from "./data_table";
import { dose_marks } from "./dose_ticks";
import { Legend, TargetNote } from "./legend";

const say = words.figure;

export const options = signal<ChartOptions>({ log: false, residual: true, a_priori: false, population: false });

const to_draw = following(drawn_results);

export function changing_covariates({ forecast, recommendation }: Results) {
  if (!forecast) return [];
  const factor = hours_in(forecast.time_unit);
  const varies = forecast.covariates.filter((c) => new Set(c.value.map((v) => Number(v.toPrecision(3)))).size > 1);
  return varies
    .filter((c) => c.name !== "age")
    .map((c) => ({
      ...c,
      label: card.value?.covariates.find((k) => k.name === c.name)?.label ?? c.name,
      time: c.time.map((t) => t * factor),
      futures: (recommendation?.scenarios ?? [])
        .filter((s) => s.covariate === c.name && s.id !== "hold")
        .map((s) => ({ id: s.id, label: s.label, time: s.time.map((t) => t * factor), value: s.value })),
    }));
}

/** "2 Mar 08:00: this patient 14 mg/L (90 %: 11 to 18); measured 15 mg/L". */
export function reading(course: Course, hours: number, origin: number, zone: string): string {
  const unit = unit_text(course.unit);
  const parts: string[] = [];
  const say_bands = (name: string, time: number[], bands: Course["a_priori"]) => {
    const i = nearest(time, hours);
    parts.push(say.median_and(name, quantity(bands.median[i], unit), interval(bands.p5[i], bands.p95[i], unit)));
  };
  if (hours <= course.now + 1e-9 && course.history.time.length > 0)
    say_bands(say.fit_short, course.history.time, course.history.bands);
  else for (const series of course.regimens.filter((s) => !s.quiet)) say_bands(series.label, series.time, series.bands);
  const step = ((course.time.at(-1) ?? 1) - (course.time[0] ?? 0)) / 100;
  for (const point of course.points)
    if (Math.abs(point.time - hours) <= step) parts.push(say.measured(quantity(point.value, unit)));
  return say.reading(`${course.label}, ${clock_text(origin + hours * 3_600_000, zone)}`, parts);
}

export function Figure() {
  const frame = useRef<HTMLDivElement>(null);
  const [width, set_width] = useState(560);
  const [cursor, set_cursor] = useState<number | undefined>(undefined);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry && set_width(Math.round(entry.contentRect.width)));
    if (frame.current) observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  const shown = to_draw.value;
  const forecast = shown?.forecast;
  const target = shown?.recommendation?.target ?? forecast?.target;
  const drawn = useMemo(() => {
    const all = forecast ? courses(forecast, compared_kinds(forecast, shown!)) : [];
    return all.sort((a, b) => Number(b.output === target?.of) - Number(a.output === target?.of));
  }, [shown]);
  const steps = shown ? changing_covariates(shown) : [];
  const first = drawn[0];
  const times = first?.time ?? [];
  const inside = Math.max(50, width - MARGIN.left - MARGIN.right);
  const heights = drawn.map((_, i) => (drawn.length === 1 ? 400 : i === 0 ? 290 : i === drawn.length - 1 ? 210 : 160));
  const charts_height = heights.reduce((sum, h) => sum + h, 0) || 400;
  const height = charts_height + steps.length * STEPS_HEIGHT;

  const move = (event: KeyboardEvent) => {
    if (!first || times.length === 0) return;
    const at = cursor === undefined ? nearest(times, first.now) : nearest(times, cursor);
    const jump = event.shiftKey ? 10 : 1;
    const next = { ArrowLeft: at - jump, ArrowRight: at + jump, Home: 0, End: times.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    set_cursor(times[Math.max(0, Math.min(times.length - 1, next))]);
  };
  const follow = (event: MouseEvent & { currentTarget: SVGSVGElement }) => {
    if (times.length === 0) return;
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - MARGIN.left;
    const hours = times[0]! + (x / inside) * (times.at(-1)! - times[0]!);
    set_cursor(times[nearest(times, hours)]);
  };
  const text =
    cursor !== undefined && shown
      ? drawn.map((c) => reading(c, cursor, shown.origin, shown.zone)).join("\n")
      : first
        ? say.instructions
        : "";
  // Moving the cursor leaves the charts as they are.
  const charts = useMemo(() => {
    const doses = dose_marks(forecast?.doses ?? [], forecast ? hours_in(forecast.time_unit) : 1);
    let offset = 0;
    return drawn.map((course, i) => {
      const y = offset;
      offset += heights[i]!;
      return (
        <g key={course.output} transform={`translate(0 ${y})`}>
          <Chart
            course={course}
            doses={doses}
            target={target}
            options={options.value}
            width={width}
            height={heights[i]!}
            origin={shown!.origin}
            zone={shown!.zone}
            strip={i === drawn.length - 1}
            labels={i === drawn.length - 1}
          />
        </g>
      );
    });
  }, [drawn, width, options.value]);
  const across = times.length === 0 ? 0 : ((cursor ?? 0) - times[0]!) / (times.at(-1)! - times[0]!);
  return (
    <section class="panel figure" aria-labelledby="figure-title">
      <div class="panel-head">
        <h2 id="figure-title">{say.title}</h2>
        <FigureOptions hidden={!first} />
      </div>
      <div class={`frame ${shown && !(fresh.value && shown.key === results.value?.key) ? "stale" : ""}`} ref={frame}>
        <svg
          id="figure"
          width={width}
          height={height}
          tabindex={0}
          role="group"
          aria-roledescription="figure"
          aria-label={first ? drawn.map((c) => say.summary(c.label, unit_text(c.unit))).join(" ") : say.empty}
          aria-describedby="reading"
          onKeyDown={move}
          onMouseMove={follow}
          onMouseLeave={() => set_cursor(undefined)}>
          {charts}
          {cursor === undefined || !first ? null : (
            <line
              class="cursor"
              x1={MARGIN.left + across * inside}
              x2={MARGIN.left + across * inside}
              y1={MARGIN.top}
              y2={charts_height - MARGIN.bottom}
            />
          )}
          {steps.map((step, i) => (
            <g key={step.name} transform={`translate(0 ${charts_height + i * STEPS_HEIGHT})`}>
              <CovariateSteps {...step} times={[times[0] ?? 0, times.at(-1) ?? 1]} now={first?.now ?? 0} width={width} />
            </g>
          ))}
        </svg>
        {first ? null : <Empty />}
      </div>
      <p class="reading" id="reading" aria-live="polite">
        {text}
      </p>
      {first ? (
        <>
          <TargetNote drawn={drawn} target={target} />
          <Legend options={options.value} drawn={drawn} target={target} />
        </>
      ) : null}
      {shown ? drawn.map((c) => <DataTable key={c.output} course={c} origin={shown.origin} zone={shown.zone} />) : null}
    </section>
  );
}

/** The first thing to do, for who has never been here. */
function Empty() {
  return (
    <div class="empty">
      <p>{say.empty}</p>
      <p>{say.first}</p>
      <p class="first-steps">
        {worked_patients.map((w) => (
          <button type="button" key={w.id} onClick={() => load_worked(w.id)}>
            {say.worked[w.id] ?? w.title}
          </button>
        ))}
      </p>
      <p>{say.steps}</p>
    </div>
  );
}

function FigureOptions({ hidden }: { hidden: boolean }) {
  const boxes: [keyof ChartOptions, string][] = [
    ["log", say.log],
    ["residual", say.show_residual],
    ["a_priori", say.show_a_priori],
    ["population", say.show_population],
  ];
  return (
    <div class={`options ${hidden ? "hidden" : ""}`} role="group" aria-label={say.options}>
      {boxes.map(([name, label]) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={options.value[name]}
            onChange={(event) => (options.value = { ...options.value, [name]: event.currentTarget.checked })}
          />
          {label}
        </label>
      ))}
    </div>
  );
}
