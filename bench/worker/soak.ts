// Many log-ins and log-outs in one process, with its memory as it goes: CLIENT MARKS TARGET
import { setImmediate } from "node:timers/promises";
import { drive } from "./drive";
import type { Target } from "./job";

export interface Soak {
  /** Resident memory after so many sessions, left to itself. */
  samples: { sessions: number; rssBytes: number }[];
  /** What is in use at each mark, after garbage has been collected where --expose-gc allows it. */
  heaps: { sessions: number; heapBytes: number }[];
}

const [, , client = "", marksText = "", targetText = ""] = process.argv;
const [marks, target]: [number[], Target] = [JSON.parse(marksText), JSON.parse(targetText)];
const SAMPLES = 400;
const { connect }: { connect: (target: Target) => () => Promise<void> } = require(`./clients/${client}`);

async function heapBytes(): Promise<number> {
  await setImmediate();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function main(): Promise<void> {
  const pair = connect(target);
  const soak: Soak = { samples: [], heaps: [] };
  const each = Math.ceil((marks.at(-1) ?? 0) / SAMPLES);
  let before = 0;
  for (const until of marks) {
    const offset = before;
    await drive(until - offset, 8, pair, (done) => {
      const sessions = offset + done;
      if (sessions % each === 0) {
        soak.samples.push({ sessions, rssBytes: process.memoryUsage.rss() });
      }
    });
    soak.heaps.push({ sessions: until, heapBytes: await heapBytes() });
    before = until;
  }
  process.stdout.write(`${JSON.stringify(soak)}\n`);
  process.exit();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
