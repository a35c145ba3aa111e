import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./processes";
import { type Figures, type Half, type Sample, WHO } from "./samples";

interface Check {
  what: string;
  own: Sample["who"];
  /** Over whom; left out where the value itself counts. */
  other?: Sample["who"];
  sign: "≤" | "≥" | "=";
  /** The columns, which are added up, and the limit. */
  checks: [size: number, names: string[], limit: number][];
}

const BOTH = ["up, s", "destroy, s"];
const STATE = ["state of each, bytes"];

/** Of one contender over another one, at the sizes that have a limit. */
function ratio(
  own: "a" | "n",
  other: "b" | "c" | "d",
  names: string[],
  limits: Record<number, number>,
): Check {
  const sizes = Object.keys(limits).map(Number);
  const what = `(${own}) / (${other}) at ${sizes.join(" and ")}: ${names.join(" + ")}`;
  const checks = sizes.map((size): Check["checks"][0] => [size, names, limits[size] ?? Number.NaN]);
  return { what, own, other, sign: "≤", checks };
}

function requests(own: Sample["who"], limits: Record<string, number>): Check {
  const entries = Object.entries(limits);
  const what = `requests of ${own}: ${Object.keys(limits).join(", ")}`;
  return { what, own, sign: "=", checks: entries.map(([verb, limit]) => [1, [verb], limit]) };
}

const CHECKS: Check[] = [
  ratio("a", "b", ["up, s"], { 10: 0.9, 100: 1 }),
  ratio("a", "b", ["destroy, s"], { 10: 1, 100: 1 }),
  ratio("a", "b", ["second up, s"], { 10: 0.95, 100: 1.05 }),
  ratio("a", "c", BOTH, { 100: 0.55 }),
  ratio("n", "b", BOTH, { 10: 0.75, 100: 0.85 }),
  ratio("n", "d", BOTH, { 100: 1.05 }),
  ratio("a", "b", STATE, { 100: 0.95 }),
  ratio("n", "b", STATE, { 100: 0.85 }),
  {
    what: "this package / bare axios at 1, 8 and 64 at once: calls a second",
    own: "package",
    other: "axios",
    sign: "≥",
    checks: [1, 8, 64].map((atOnce) => [atOnce, ["calls a second"], 1]),
  },
  requests("WebCliSession", { create: 1, diff: 1, delete: 1 }),
  requests("CasSession", { create: 3, diff: 1, delete: 2 }),
  {
    what: "memory from 10,000 to 40,000 sessions: heap in use, bytes for each; resident, MiB",
    own: "package",
    sign: "≤",
    // What V8 moves by as it likes; no object that a session could leave behind is as small.
    checks: Object.entries({ "heap growth of each, bytes": 50, "resident growth, MiB": 8 }).map(
      ([name, limit]) => [40_000, [name], limit],
    ),
  },
];

const HEADS = { engine: "resources", calls: "at once", memory: "sessions", requests: "each" };

export async function writeReport({ engine, host }: Figures): Promise<void> {
  const samples = [...(engine?.samples ?? []), ...(host?.samples ?? [])];
  const text = [
    trialNote(engine, host),
    "# What it costs",
    "`npm run bench` takes the figures and writes this page, [figures.json](figures.json) and the picture. They are " +
      "medians, with the minimum and the maximum in brackets. [Where the time goes](LEARNT.md).",
    table(
      ["", "target", "measured", ""],
      CHECKS.map((check) => judged(check, samples)),
    ),
    "![Median seconds of up, second up and destroy](../docs/cost.svg)",
    `On the engine, ${engine?.takenOn ?? "not measured"}. Each resource logs in and out over https: (a), (n) and (c) ` +
      "sign their requests, (d) sends a token. (b) calls nobody. CPU time is that of the program, the engine and all " +
      `processes below; memory is the peak of the engine, and of the largest process below it. ${engine?.notes.join(" ") ?? ""}`,
    columns(samples, "engine"),
    `Without an engine, ${host?.takenOn ?? "not measured"}: one process that logs in and out, on connections that are kept.`,
    ...(["calls", "memory", "requests"] as const).map((name) => columns(samples, name)),
  ];
  writeFileSync(join(ROOT, "bench/RESULTS.md"), `${text.filter(Boolean).join("\n\n")}\n`);
  if (engine) writeFileSync(join(ROOT, "docs/cost.svg"), await picture(engine.samples));
}

/** Empty for a whole run. */
function trialNote(engine: Half | undefined, host: Half | undefined): string {
  const rounds = [engine?.rounds ?? 0, host?.rounds ?? 0];
  const sizes = engine?.sizes.join(", ") ?? "no";
  if (sizes === "1, 10, 100, 1000" && Math.min(...rounds) >= 5) return "";
  const size = `rounds ${rounds[0]}, sizes ${sizes} on the engine; rounds ${rounds[1]} without one`;
  return `**A trial: ${size}. It shows that the command works; its figures mean nothing.**`;
}

function table(head: string[], rows: string[][]): string {
  const line = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, line, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function judged({ what, own, other, sign, checks }: Check, samples: Sample[]): string[] {
  const limits = checks.map(([, , limit]) => `${sign} ${limit}`);
  const measured = checks.map(([size, names]) => {
    const values = taken(samples, own, size, names);
    if (other === undefined) return values;
    // Within a round: what slowed one contender down slowed the other one down as well.
    return taken(samples, other, size, names).map((value, round) => (values[round] ?? Number.NaN) / value);
  });
  const reached = checks.every(([, , limit], index) => {
    const value = median(measured[index] ?? []);
    return sign === "=" ? value === limit : sign === "≤" ? value <= limit : value >= limit;
  });
  const known = measured.every((values) => !Number.isNaN(median(values)));
  const verdict = reached ? "reached" : known ? "**not reached**" : "not measured";
  return [what, limits.join(", "), measured.map(show).join(", "), verdict];
}

/** The sum of some columns, by round. */
function taken(samples: Sample[], who: Sample["who"], size: number, names: string[]): number[] {
  const values: number[] = [];
  for (const sample of samples) {
    if (sample.who !== who || sample.size !== size || !names.every((name) => name in sample.values)) continue;
    values[sample.round] = names.reduce((sum, name) => sum + (sample.values[name] ?? Number.NaN), 0);
  }
  return values;
}

function median(values: number[]): number {
  const sorted = values.filter(Number.isFinite).sort((one, other) => one - other);
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[(sorted.length - 1) >> 1],
    sorted[sorted.length >> 1],
  ];
  return (low + high) / 2;
}

function show(values: number[]): string {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return "–";
  const whole = known.every((value) => Number.isInteger(value) || value >= 50);
  const [middle, min, max] = [median(known), Math.min(...known), Math.max(...known)].map((value) =>
    value.toFixed(whole ? 0 : 2),
  );
  return min === max ? `${middle}` : `${middle} (${min}–${max})`;
}

/** A row for everybody at each size. */
function columns(samples: Sample[], name: Sample["table"]): string {
  const own = samples.filter((sample) => sample.table === name);
  const names = [...new Set(own.flatMap(({ values }) => Object.keys(values)))].filter(isShown);
  const rows = groupsOf(own).map(({ size, who }) => [
    `${size} × ${WHO[who]}`,
    ...names.map((column) => show(taken(own, who, size, [column]))),
  ]);
  return own.length === 0 ? "" : table([HEADS[name], ...names], rows);
}

/** The requests of an action are those of its verbs, which have a table of their own. */
function isShown(column: string): boolean {
  return !column.endsWith(", requests");
}

/** Who took part at which size. */
function groupsOf(samples: Sample[]): Pick<Sample, "who" | "size">[] {
  const places = Object.keys(WHO);
  const first = samples.filter(({ round }) => round === 0);
  return first.sort(
    (one, other) => one.size - other.size || places.indexOf(one.who) - places.indexOf(other.who),
  );
}

/** Bars with a part for each action. The libraries are ES modules. */
async function picture(samples: Sample[]): Promise<string> {
  const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const actions = ["up", "second up", "destroy"];
  const values = groupsOf(samples.filter(({ size }) => size <= 100)).flatMap(({ size, who }) =>
    actions.map((action, place) => {
      const seconds = median(taken(samples, who, size, [`${action}, s`]));
      return { size, who: WHO[who], action, place, seconds };
    }),
  );
  const { spec } = compile({
    title: "Seconds of up, second up and destroy",
    background: "white",
    data: { values },
    facet: { row: { field: "size", title: "resources" } },
    spec: {
      width: 500,
      mark: "bar",
      encoding: {
        x: { field: "seconds", type: "quantitative", title: null },
        y: { field: "who", title: null, sort: Object.values(WHO), axis: { labelLimit: 300 } },
        color: { field: "action", title: null, sort: actions },
        order: { field: "place" },
      },
    },
    resolve: { scale: { x: "independent" } },
  });
  return new vega.View(vega.parse(spec), { renderer: "none" }).toSVG();
}
