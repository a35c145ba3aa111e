import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import * as fc from "fast-check";
import { Coverage, SERVERS, TREATMENTS } from "./coverage";
import { listing } from "./exchange";
import {
  assertDeletesHaveCreates,
  assertKeysKept,
  assertLoginsWithin,
  assertNoSecret,
  assertNoSessionLeft,
  assertNotSentWith,
  assertRefusedCredentialsRest,
  assertRejectedPasswordsRest,
  assertSilenceAfterLogout,
} from "./invariants";
import { type Arguments, type Kind, type Unit, unitOf } from "./program";
import { type Schedule, type Step, schedules } from "./schedule";
import { captureOutput, collecting } from "./secrets";
import { FOREIGN_TOKEN, Servers } from "./servers";
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

/** Lives one schedule with servers of its own, whose end is honest. */
class Life {
  private version = 0;
  private host;
  private readonly units: Unit[] = [];
  /** The sessions that the program has opened by itself, and those of them that no resource has taken over yet. */
  private adopted: ReadonlySet<string> = new Set();
  private programs = new Set<string>();

  constructor(
    private readonly servers: Servers,
    private readonly lines: readonly string[],
  ) {
    this.host = servers.newHost();
  }

  async run(): Promise<void> {
    const { kind, units, steps, phase } = this.servers.schedule;
    for (let unit = 0; unit < units; unit++) {
      const args = this.servers.argumentsOf(unit);
      const adopted = await this.sessionToAdopt(args);
      this.adopted = new Set(this.servers.open());
      this.units.push(unitOf(kind, this.servers, () => this.host, { ...args, adopted }));
    }
    this.programs = new Set(this.adopted);
    await this.assertBadInputRefused();
    for (const [at, step] of steps.entries()) {
      const lasting = at >= phase.from && at < phase.until ? phase.rules : [];
      await this.step({ ...step, rules: [...step.rules, ...lasting] });
    }
    this.servers.calmDown();
    await this.step({ operation: "destroy", changed: false, newProcess: true, rules: [] });
    const abandoned = this.units.flatMap((unit) => unit.abandoned);
    const left = this.servers.open().filter((id) => !this.programs.has(id) && !abandoned.includes(id));
    assertNoSessionLeft(this.servers.exchanges, left);
    await this.host.end();
  }

  /** A session that the program opens by itself, to be adopted. */
  private async sessionToAdopt({ webCli, cas }: Arguments): Promise<string | undefined> {
    const { adopts, kind } = this.servers.schedule;
    if (!adopts) return undefined;
    if (kind === "WebCliSession") return (await this.host.webCli.create(webCli)).outs?.clientId;
    const { service: _, ...server } = cas;
    const { outs } = await this.host.cas.create({ ...server, userAgent: "tests/1" });
    return outs?.ticketGrantingCookie;
  }

  /** Check refuses bad secrets without showing them: the engine would print the value of a named property. */
  private async assertBadInputRefused(): Promise<void> {
    const { secrets, schedule } = this.servers;
    const args = this.servers.argumentsOf(0);
    const secret = `Bad@${randomBytes(9).toString("hex")}`;
    secrets.add(secret);
    const bad =
      schedule.kind === "CasSession"
        ? this.host.cas.check({}, { ...args.cas, ticketGrantingCookie: `${secret};${secret}` })
        : this.host.webCli.check({}, { ...args.webCli, clientId: `${secret} ${secret}` });
    const { failures = [] } = await bad;
    assert.ok(failures.length > 0, "check let bad input pass");
    assert.ok(
      failures.every(({ property }) => property === ""),
      "a failure names a secret property",
    );
    assertNoSecret(secrets, "a failure of check", JSON.stringify(failures));
  }

  private async step({ operation, changed, newProcess, before, rules }: Step): Promise<void> {
    const from = this.servers.exchanges.length;
    const earlier = this.operations;
    if (changed) this.version += 1;
    if (newProcess) {
      await this.host.end();
      this.host = this.servers.newHost();
    }
    if (before === "state is that of release 0.1.0") for (const unit of this.units) unit.ageStates();
    this.servers.happen(before);
    this.servers.follow(rules);
    await Promise.all(
      this.units.map((unit) => (operation === "up" ? unit.up(this.version) : unit[operation]())),
    );
    // Time for renewals, in lives that have them.
    if (operation === "up" && this.servers.schedule.renews) await wait(15);
    await this.servers.finishStep();
    assertLoginsWithin(this.servers.exchanges.slice(from), this.operations - earlier);
    this.assertInvariants();
  }

  private get operations(): number {
    return this.units.reduce((sum, { operations }) => sum + operations, 0);
  }

  private assertInvariants(): void {
    const { exchanges, schedule, secrets } = this.servers;
    const held = this.units.flatMap((unit) => unit.held);
    for (const id of held) this.programs.delete(id);
    const abandoned = this.units.flatMap((unit) => unit.abandoned);
    assertKeysKept(exchanges, this.servers.open(), new Set([...held, ...abandoned, ...this.programs]));
    assertRefusedCredentialsRest(exchanges, { mayOverlap: schedule.units > 1 || schedule.renews });
    assertNotSentWith(FOREIGN_TOKEN, exchanges);
    assertRejectedPasswordsRest(this.servers.sent);
    const mayRepeatLogout = schedule.kind === "WebCliCommand";
    assertSilenceAfterLogout(exchanges, { adopted: this.adopted, mayRepeatLogout });
    assertDeletesHaveCreates(exchanges);
    assertNoSecret(secrets, "the log", this.lines.join("\n"));
  }
}

async function live(schedule: Schedule, coverage: Coverage): Promise<void> {
  const servers = new Servers(schedule);
  await servers.listen();
  const lines: string[] = [];
  try {
    await collecting(lines, () => new Life(servers, lines).run());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${reason}\n${listing(servers.exchanges)}`, { cause: error });
  } finally {
    coverage.add(servers.met);
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
      const settings = { path, numRuns: Math.ceil(runs / lanes), includeErrorInReport: true };
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
      if (isOver()) return;
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

/** So many schedules meet everything; fewer at least each server. */
const ENOUGH = 5_000;

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
