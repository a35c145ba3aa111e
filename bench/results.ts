import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Life } from "./life";
import type { Machine } from "./machine";
import type { Scheme } from "./server";
import type { ContenderName } from "./worker/job";
import type { Load } from "./worker/load";
import type { Soak } from "./worker/soak";
import type { Throughput } from "./worker/throughput";

/** One life of one contender. */
export interface Run extends Life {
  contender: ContenderName;
  scheme: Scheme;
  size: number;
  round: number;
}

export interface EngineFigures {
  machine: Machine;
  runs: Run[];
  /** What could not be measured, and why. */
  notes: string[];
}

export interface HostFigures {
  machine: Machine;
  /** By client, of each round. */
  throughput: Record<string, Throughput[][]>;
  /** By what was loaded, each time in a fresh process. */
  loads: Record<string, Load[]>;
  signatureMicros: number[];
  /** By client. */
  soaks: Record<string, Soak>;
}

/** All raw figures; each half is measured by a command of its own. */
export interface Results {
  engine?: EngineFigures;
  host?: HostFigures;
}

// Not results.json: Node.js would take that for this module.
const file = (folder: string) => join(folder, "figures.json");

export function readResults(folder: string): Results {
  return existsSync(file(folder)) ? JSON.parse(readFileSync(file(folder), "utf8")) : {};
}

export function writeResults(folder: string, more: Results): void {
  const results = { ...readResults(folder), ...more };
  // Five digits say all that a clock can; memory and bytes are whole.
  const rounded = (_: string, value: unknown) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
  const text = JSON.stringify(JSON.parse(JSON.stringify(results, rounded)), undefined, 1);
  writeFileSync(file(folder), `${text}\n`);
}
