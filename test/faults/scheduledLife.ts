import { setTimeout as wait } from "node:timers/promises";
import type { Arguments } from "./host";
import { assertLoginsWithin, assertNoSecret } from "./invariants";
import { Life } from "./life";
import type { Schedule, Step } from "./schedule";
import type { Servers } from "./servers";

/** One life of a schedule, over HTTP. */
export class ScheduledLife extends Life<Servers> {
  /** The sessions that the program has opened by itself, and that no resource has taken over yet. */
  private readonly untaken = new Set<string>();

  constructor(
    servers: Servers,
    /** What the provider has logged. */
    private readonly lines: readonly string[],
  ) {
    super(servers);
  }

  async live(schedule: Schedule): Promise<void> {
    for (let unit = 0; unit < schedule.units; unit++) {
      const args = this.world.argumentsOf(unit);
      this.addUnit({ ...args, adopted: schedule.adopts ? await this.openSession(args) : undefined });
    }
    for (const [at, step] of schedule.steps.entries()) {
      const { from, until, rules } = schedule.phase;
      await this.step({ ...step, rules: at >= from && at < until ? [...step.rules, ...rules] : step.rules });
    }
    await this.end();
  }

  /** A session that the program opens by itself, to be adopted. */
  private async openSession({ webCli, cas }: Arguments): Promise<string | undefined> {
    const { service: _, ...server } = cas;
    const key =
      this.world.setting.kind === "CasSession"
        ? (await this.host.cas.create({ ...server, userAgent: "tests/1" })).outs?.ticketGrantingCookie
        : (await this.host.webCli.create(webCli)).outs?.clientId;
    // Of a cookie, the value.
    this.adopted.add(key?.split("=").at(-1) ?? "");
    for (const session of this.world.open()) this.untaken.add(session);
    return key;
  }

  private async step({ verb, changed, newProcess, before, rules }: Step): Promise<void> {
    const from = this.world.exchanges.length;
    const earlier = this.operations;
    if (newProcess) await this.beginProcess();
    if (before === "state is that of release 0.1.0") for (const unit of this.units) unit.ageStates();
    this.world.happen(before);
    this.world.follow(rules);
    await this.run(verb, changed);
    // Time for renewals, in lives that have them.
    if (verb === "up" && this.world.setting.renews) await wait(15);
    await this.world.finishStep();
    assertLoginsWithin(this.world.exchanges.slice(from), this.operations - earlier);
    this.assertInvariants();
  }

  private get operations(): number {
    return this.units.reduce((sum, { operations }) => sum + operations, 0);
  }

  protected override get excused(): string[] {
    return [...super.excused, ...this.untaken];
  }

  protected override assertInvariants(): void {
    for (const session of this.held) this.untaken.delete(session);
    super.assertInvariants();
    assertNoSecret(this.world.secrets, "the log", this.lines.join("\n"));
  }
}
