import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Coverage, SERVERS, TREATMENTS } from "./coverage";
import { listing } from "./exchange";
import { type Schedule, schedules } from "./schedule";
import { ScheduledLife } from "./scheduledLife";
import { captureOutput, collecting } from "./secrets";
import { Servers } from "./servers";
import type { Kind } from "./setting";
import { StallMonitor } from "./stallMonitor";

/** How many schedules are lived at the same time: most of a life is waiting. */
const LANES = 16;

/** How often a schedule is lived again at most. */
const TIMES_AGAIN = 2;

/** How much of the schedules is of each kind. */
const SHARES: readonly [Kind, number][] = [
  ["WebCliSession", 0.3],
  ["CasSession", 0.4],
  ["WebCliCommand in a session", 0.15],
  ["WebCliCommand", 0.15],
];

/** So many schedules meet everything; fewer at least each server. */
const ENOUGH = 5_000;

async function live(schedule: Schedule, coverage: Coverage): Promise<void> {
  const servers = new Servers(schedule);
  await servers.listen();
  const lines: string[] = [];
  try {
    await collecting(lines, () => new ScheduledLife(servers, lines).live(schedule));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${reason}\n${listing(servers.exchanges)}`, { cause: error });
  } finally {
    coverage.add(servers.books.met);
    await servers.close();
  }
}

function numberFrom(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === "") return undefined;
  if (!/^-?\d+$/.test(text)) throw new Error(`${name} must be a whole number, not "${text}"`);
  return Number(text);
}

/** What all lanes of a campaign share. */
class Campaign {
  /** How many schedules failed while the process stood still, and were lived again. */
  relived = 0;
  private failing?: number;
  private hasReplayed = false;
  private readonly stalls = new StallMonitor();

  constructor(
    private readonly kind: Kind,
    private readonly coverage: Coverage,
  ) {}

  /** `FAULT_RUNS` schedules; `FAULT_SEED` and `FAULT_PATH` replay a failure. */
  async run(runs: number): Promise<void> {
    const path = process.env.FAULT_PATH;
    const seed = numberFrom("FAULT_SEED") ?? Date.now() % 2 ** 31;
    const lanes = path ? 1 : Math.min(LANES, runs);
    const stop = captureOutput();
    try {
      const replay = { path, endOnFailure: path !== undefined };
      const settings = { ...replay, numRuns: Math.ceil(runs / lanes), includeErrorInReport: true };
      await Promise.all(
        Array.from({ length: lanes }, (_, lane) => this.lane({ ...settings, seed: seed + lane })),
      );
    } finally {
      stop();
      this.stalls.stop();
    }
  }

  /** The lane that fails first goes on alone, to shrink its schedule. */
  private async lane(settings: fc.Parameters<[Schedule]> & { seed: number }): Promise<void> {
    const isOver = () => this.failing !== undefined && this.failing !== settings.seed;
    const property = fc.asyncProperty(schedules(this.kind), async (schedule) => {
      // Where the replayed schedule does not fail, fast-check would go on with all that it was shrunk to.
      if (isOver() || (settings.path !== undefined && this.hasReplayed)) return;
      this.hasReplayed = true;
      await this.liveUndisturbed(schedule).catch((error: unknown) => {
        this.failing ??= settings.seed;
        throw error;
      });
    });
    const result = await fc.check(property, settings);
    if (result.failed && !isOver()) throw new Error(await fc.asyncDefaultReportMessage(result));
  }

  /** What timed out while the process stood still tells nothing of the client: then a schedule is lived again. */
  private async liveUndisturbed(schedule: Schedule): Promise<void> {
    for (let again = 0; ; again++) {
      const began = Date.now();
      try {
        return await live(schedule, this.coverage);
      } catch (error) {
        if (again === TIMES_AGAIN || !this.stalls.stoodStillSince(began)) throw error;
        this.relived += 1;
      }
    }
  }
}

describe("faults: lives among servers that fail and lie", () => {
  const runs = numberFrom("FAULT_RUNS") ?? 750;
  const coverage = new Coverage();

  for (const [kind, share] of SHARES) {
    it(`${kind}: leaves no session, repeats nothing, and shows no secret`, async function () {
      this.timeout(0);
      const campaign = new Campaign(kind, coverage);
      const count = Math.ceil(runs * share);
      await campaign.run(count);
      console.log(
        `      ${count} schedules, ${campaign.relived} lived again because the process stood still`,
      );
    });
  }

  if (!process.env.FAULT_PATH) {
    it("has met every server, credential, and treatment", () => {
      console.log(coverage.table());
      assert.deepEqual(coverage.missingOf([...SERVERS, ...(runs < ENOUGH ? [] : TREATMENTS)]), []);
    });
  }
});
