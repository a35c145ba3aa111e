import * as fc from "fast-check";
import { CommandLife } from "./commandLife";
import { Life } from "./life";
import { captureOutputs, collecting } from "./outputs";
import { type Resource, type Schedule, schedules } from "./schedule";
import { Stalls } from "./stalls";
import { casSubject, webCliSubject } from "./subject";
import { watchAnswers } from "./wire";
import { World } from "./world";

/** The schedules that are lived at the same time: most of a life is waiting for what comes late. */
const LANES = 32;

/** What `npm test` lives. */
const BY_DEFAULT = 750;

function numberFrom(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === "") return undefined;
  if (!/^-?\d+$/.test(text)) throw new Error(`${name} must be a whole number, not "${text}"`);
  return Number(text);
}

function lifeIn(world: World, lines: readonly string[]): { run(): Promise<void> } {
  switch (world.schedule.resource) {
    case "webCli":
      return new Life(world, webCliSubject(world), lines);
    case "cas":
      return new Life(world, casSubject(world), lines);
    case "command":
      return new CommandLife(world, lines);
  }
}

/** Lives one schedule to its end, with a server of its own. */
async function live(schedule: Schedule): Promise<void> {
  const world = await World.open(schedule);
  const lines: string[] = [];
  try {
    await collecting(lines, () => lifeIn(world, lines).run());
  } finally {
    await world.close();
  }
}

/** Lives a schedule again that failed while the process stood still: its time-outs were none of the schedule's. */
async function liveUnstalled(schedule: Schedule, stalls: Stalls): Promise<void> {
  const began = Date.now();
  try {
    await live(schedule);
  } catch (error) {
    if (!stalls.since(began)) throw error;
    await live(schedule);
  }
}

type Settings = fc.Parameters<[Schedule]> & { seed: number };

/** The lane that failed first: it goes on alone, to shrink its schedule. */
interface Failing {
  seed?: number;
}

/** One of the runs that go on at the same time, each with a seed of its own. */
async function lane(resource: Resource, settings: Settings, failing: Failing, stalls: Stalls): Promise<void> {
  const isOver = () => failing.seed !== undefined && failing.seed !== settings.seed;
  const property = fc.asyncProperty(schedules(resource), async (schedule) => {
    if (isOver()) return;
    try {
      await liveUnstalled(schedule, stalls);
    } catch (error) {
      if (!fc.PreconditionFailure.isFailure(error)) failing.seed ??= settings.seed;
      throw error;
    }
  });
  const result = await fc.check(property, settings);
  if (!result.failed || isOver()) return;
  throw new Error(await fc.asyncDefaultReportMessage(result));
}

/** How much of `FAULT_RUNS` is of each resource: a command has but one call. */
const SHARES: Record<Resource, number> = { webCli: 0.4, cas: 0.4, command: 0.2 };

/** Lives its share of `FAULT_RUNS` schedules; `FAULT_SEED` and `FAULT_PATH` replay a failure. */
export async function campaign(resource: Resource): Promise<void> {
  const runs = Math.ceil((numberFrom("FAULT_RUNS") ?? BY_DEFAULT) * SHARES[resource]);
  const seed = numberFrom("FAULT_SEED") ?? Date.now() % 2 ** 31;
  const path = process.env.FAULT_PATH;
  const lanes = path ? 1 : Math.min(LANES, runs);
  const numRuns = Math.ceil(runs / lanes);
  const failing: Failing = {};
  const stalls = new Stalls();
  const stops = [captureOutputs(), watchAnswers(), () => stalls.stop()];
  try {
    const settings = Array.from({ length: lanes }, (_, number) => ({
      seed: seed + number,
      path,
      numRuns,
      includeErrorInReport: true,
    }));
    await Promise.all(settings.map((one) => lane(resource, one, failing, stalls)));
  } finally {
    for (const stop of stops) stop();
  }
}
