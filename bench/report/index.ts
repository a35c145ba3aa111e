import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Machine } from "../machine";
import type { EngineFigures, HostFigures, Results } from "../results";
import { spread } from "../stats";
import { ratioTable, spaceTable, timeTable } from "./engineTables";
import { Figures } from "./figures";
import { loadTable, soakTable, throughputTable } from "./hostTables";
import { enginePlots, hostPlots } from "./plots";
import { shown, table } from "./table";
import { targetsOf } from "./targets";
import { ENGINE_METHOD, HOST_METHOD } from "./text";

/** Writes RESULTS.md and the plots. LEARNT.md beside them is written by hand, and taken over as it is. */
export async function writeReport(folder: string, results: Results): Promise<void> {
  const { engine, host } = results;
  const plots = {
    engine: engine ? enginePlots(new Figures(engine.runs)) : {},
    host: host ? hostPlots(host) : {},
  };
  for (const [name, text] of Object.entries({ ...plots.engine, ...plots.host })) {
    await writeFile(join(folder, name), text);
  }
  const learnt = join(folder, "LEARNT.md");
  const sections = [
    "# What it costs\n\n`npm run bench` takes the figures, and generates this file from those in figures.json.",
    `## Targets\n\n${targetTable(results)}`,
    existsSync(learnt) ? readFileSync(learnt, "utf8").trim() : "",
    engine ? engineSection(engine, Object.keys(plots.engine)) : "",
    host ? hostSection(host, Object.keys(plots.host)) : "",
  ];
  await writeFile(join(folder, "RESULTS.md"), `${sections.filter(Boolean).join("\n\n")}\n`);
}

function targetTable(results: Results): string {
  const verdict = (reached: boolean | undefined) =>
    reached === undefined ? "not measured" : reached ? "reached" : "**not reached**";
  const rows = targetsOf(results).map((one) => [one.what, one.limit, one.value, verdict(one.reached)]);
  return table(["", "target", "measured", ""], rows);
}

function described({
  cpu,
  cores,
  memoryGib,
  system,
  node,
  pulumiSdk,
  commit,
  takenAt,
  tools,
}: Machine): string {
  const versions = { Node: node, "@pulumi/pulumi": pulumiSdk, ...tools };
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `Taken on ${takenAt.slice(0, 10)} at commit ${commit}: ${cores} cores (${cpu}), ${memoryGib} GiB, ${system}; ${list.join(", ")}.`;
}

const images = (names: string[]) =>
  names.map((name) => `![${name.replace(".svg", "")}](${name})`).join("\n\n");

function engineSection({ machine, runs, notes }: EngineFigures, plots: string[]): string {
  const figures = new Figures(runs);
  const tables = figures.sizes
    .toReversed()
    .flatMap((size) =>
      figures.schemes.flatMap((scheme) => [
        `### ${size.toLocaleString("en")} resources over ${scheme}`,
        timeTable(figures, scheme, size),
        ratioTable(figures, scheme, size),
        spaceTable(figures, scheme, size),
      ]),
    );
  const noted = notes.map((note) => `- ${note}`).join("\n");
  const parts = [
    "## On the engine",
    described(machine),
    noted,
    images(plots),
    ...tables,
    "### How",
    ENGINE_METHOD,
  ];
  return parts.filter(Boolean).join("\n\n");
}

function hostSection(host: HostFigures, plots: string[]): string {
  return [
    "## On the host's side",
    described(host.machine),
    images(plots),
    throughputTable(host),
    loadTable(host),
    `A signature takes ${shown(spread(host.signatureMicros))} µs.`,
    soakTable(host),
    HOST_METHOD,
  ]
    .filter(Boolean)
    .join("\n\n");
}
