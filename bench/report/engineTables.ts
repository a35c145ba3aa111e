import type { Scheme } from "../server";
import type { ContenderName } from "../worker/job";
import { ACTIONS, type Figures, type Pick, peakOf, secondsOf } from "./figures";
import { ACTION_WORDS, CONTENDERS } from "./names";
import { shown, table } from "./table";

const words = ACTIONS.map((action) => ACTION_WORDS[action]);

/** Time and CPU time of one size over one scheme. */
export function timeTable(figures: Figures, scheme: Scheme, size: number): string {
  const head = ["", ...words.map((word) => `${word}, s`), ...words.map((word) => `${word}, CPU s`), "rounds"];
  const rows = figures.contenders(scheme, size).map((name) => {
    const of = (pick: Pick) => shown(figures.spread(name, scheme, size, pick), 2);
    return [
      CONTENDERS[name],
      ...ACTIONS.map((action) => of(secondsOf(action))),
      ...ACTIONS.map((action) => of((life) => life[action].cpuSeconds)),
      String(figures.of(name, scheme, size).length),
    ];
  });
  return table(head, rows);
}

const mebibytes = (pick: Pick): Pick => {
  return (life) => {
    const bytes = pick(life);
    return bytes === undefined ? undefined : bytes / 2 ** 20;
  };
};

/** What else one size over one scheme takes. */
export function spaceTable(figures: Figures, scheme: Scheme, size: number): string {
  const head = ["", "state of each, bytes", "engine, MiB", "host, MiB", "first registration, ms"];
  const row = (name: ContenderName) => {
    const of = (pick: Pick) => shown(figures.spread(name, scheme, size, pick), 0);
    return [
      CONTENDERS[name],
      shown(figures.stateBytes(name, scheme, size), 0),
      of(mebibytes(peakOf("engineBytes"))),
      of(mebibytes(peakOf("hostBytes"))),
      of((life) => life.up.firstRegistrationMs),
    ];
  };
  return table(head, figures.contenders(scheme, size).map(row));
}

/** How (a) compares with each of the others. */
export function ratioTable(figures: Figures, scheme: Scheme, size: number): string {
  const rows = figures
    .contenders(scheme, size)
    .flatMap((other) => (other === "a" ? [] : [other]))
    .map((other) => [
      `(a) over ${CONTENDERS[other]}`,
      ...ACTIONS.map((action) => shown(figures.ratio(other, scheme, size, secondsOf(action)), 2)),
      shown(figures.ratio(other, scheme, size, secondsOf("up", "destroy")), 2),
    ]);
  return rows.length === 0 ? "" : table(["ratio", ...words, "up and destroy"], rows);
}
