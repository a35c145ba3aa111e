import { SIZES } from "./engine";
import { CONTENDERS, type Contender, type Figures, median } from "./figures";
import { AT_ONCE } from "./load";

/** The page for users. */
export function report(figures: Figures, takenOn: string): string {
  const parts = [
    "# What it costs",
    "Seconds of a `pulumi up` that logs in, of a second `up` that changes nothing, and of the `pulumi destroy` that logs " +
      "out again; and the bytes that each resource takes in state.",
    takenOn,
    table(["resources", "", ...Object.values(CONTENDERS)], costs(figures)),
    "This package and its plugin check that each session has ended, and the second `up` asks whether it is still open. " +
      "curl, in a `local.Command` of @pulumi/command, sends a token instead of signing its requests, and keeps the " +
      "client ID in plain text. axios makes the same signed calls in the closures of a `pulumi.dynamic.Resource`. The " +
      "empty resource makes no calls.",
    table(["", "target", "measured", "reached"], targets(figures)),
    "Figures are medians, with the minimum and the maximum in brackets; ratios are taken within a round. [Where the time " +
      "goes](LEARNT.md) has the reason for each target that was not reached.",
  ];
  return `${parts.join("\n\n")}\n`;
}

function costs(figures: Figures): string[][] {
  return SIZES.flatMap((size) =>
    ["up", "second up", "destroy", "state"].map((what) => {
      const cells = Object.keys(CONTENDERS).map((who) => figures.of(`${size}: ${what}`, who));
      return [`${size}`, what, ...cells.map((values) => rounded(median(values)))];
    }),
  );
}

function targets(figures: Figures): string[][] {
  const ratio = (own: Contender, other: Contender, size: number, whats: string[], limit: number) => {
    const columns = whats.map((what) => `${size}: ${what}`);
    const others = figures.sumOf(columns, other);
    // Within a round, because what slowed one down slowed the other one down as well.
    const ratios = figures.sumOf(columns, own).map((value, round) => value / (others[round] ?? Number.NaN));
    return atMost(
      `${CONTENDERS[own]} / ${CONTENDERS[other]}, ${whats.join(" + ")} of ${size}`,
      limit,
      ratios,
    );
  };
  const time = ["up", "destroy"];
  return [
    ratio("native", "curl", 1, time, 1.2),
    ratio("native", "curl", 10, time, 1.2),
    ratio("native", "curl", 100, time, 0.9),
    ratio("dynamic", "closures", 100, time, 0.7),
    ratio("dynamic", "empty", 100, ["state"], 0.95),
    ratio("native", "empty", 100, ["state"], 0.85),
    ...AT_ONCE.map((atOnce) => {
      const bare = figures.of(`${atOnce} at once`, "axios");
      const own = figures.of(`${atOnce} at once`, "package");
      const more = own.map((value, round) => value - (bare[round] ?? Number.NaN));
      return atMost(`milliseconds of a call more than by bare axios, ${atOnce} at once`, 0.2, more);
    }),
    exactly(figures, "WebCliSession", { create: 1, diff: 1, delete: 1 }),
    exactly(figures, "CasSession", { create: 3, diff: 1, delete: 2 }),
    atMost("bytes of heap that a session leaves behind", 50, figures.of("heap of a session", "package")),
    atMost("MiB more after 40,000 sessions than after 10,000", 8, figures.of("resident growth", "package")),
  ];
}

function atMost(what: string, limit: number, measured: number[]): string[] {
  if (measured.length === 0) return [what, `≤ ${limit}`, "", "not measured"];
  const [least, greatest] = [Math.min(...measured), Math.max(...measured)].map(rounded);
  const spread = least === greatest ? "" : ` (${least} to ${greatest})`;
  const reached = median(measured) <= limit ? "yes" : "no";
  return [what, `≤ ${limit}`, `${rounded(median(measured))}${spread}`, reached];
}

function exactly(figures: Figures, who: string, requests: Record<string, number>): string[] {
  const verbs = Object.keys(requests);
  const target = Object.values(requests).join(", ");
  const measured = verbs.flatMap((verb) => figures.of(verb, who)).join(", ");
  return [`requests of a ${who}: ${verbs.join(", ")}`, target, measured, measured === target ? "yes" : "no"];
}

function rounded(value: number): string {
  if (Number.isNaN(value)) return "–";
  return value.toFixed(Math.abs(value) >= 100 ? 0 : 2);
}

function table(head: string[], rows: string[][]): string {
  const line = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, line, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
