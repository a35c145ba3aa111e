import assert from "node:assert/strict";
import { type CommandState, WebCliCommandLifecycle } from "../../provider/lifecycle/webCliCommand";
import { WebCliSessionLifecycle } from "../../provider/lifecycle/webCliSession";
import { webCliInputs } from "../support/lifecycles";
import { assertNoRefusedKeys, assertNoSecret, assertNoStack, assertReadable } from "./invariants";
import { PACE } from "./pace";
import type { Step } from "./schedule";
import { Teller } from "./teller";
import type { World } from "./world";

interface Kept {
  id: string;
  state: CommandState;
}

/** What comes late runs when nobody looks any more; a server that comes back does so before the verb. */
const lived = (step: Step): Step => ({
  ...step,
  before: step.before === "restart during" ? "restart" : step.before,
  faults: step.faults.filter(({ kind }) => kind !== "late" && kind !== "half"),
});

/** Lives commands in one session: an up makes one more, a destroy deletes all that are there. */
export class CommandLife {
  private readonly commands = new WebCliCommandLifecycle(PACE);
  private readonly teller: Teller;
  private kept: Kept[] = [];
  private made = 0;
  private clientId = "";
  private calm = false;

  constructor(
    private readonly world: World,
    private readonly lines: readonly string[],
  ) {
    world.keys.configure(this.commands);
    this.teller = new Teller(world.emulator);
  }

  async run(): Promise<void> {
    const sessions = new WebCliSessionLifecycle(PACE);
    this.world.keys.configure(sessions);
    const { outs } = await sessions.create(webCliInputs(this.world.emulator));
    this.clientId = outs?.clientId ?? "";
    for (const step of this.world.schedule.steps) await this.step(lived(step));
    if (!this.world.hasKeys) this.world.keys.renew();
    await this.step({ verb: "destroy", changed: false, faults: [] });
    assert.deepEqual(this.kept, [], "a destroy without faults failed");
  }

  private async step({ verb, before, faults }: Step): Promise<void> {
    await this.world.happen(before);
    this.calm = faults.length === 0 && this.world.hasKeys;
    const strike = () => this.world.inject(faults, [this.clientId], "");
    if (verb === "up") await this.create(strike);
    if (verb === "destroy") {
      for (const one of this.kept) await this.delete(one, strike);
    }
    assertNoSecret(this.world, "the log", this.lines);
  }

  private async create(strike: () => void): Promise<void> {
    const number = ++this.made;
    const { endpoint, projectId, instanceId } = webCliInputs(this.world.emulator);
    const inputs = {
      ...{ endpoint, projectId, instanceId, clientId: this.clientId },
      ...{ create: `INCR made-${number}`, delete: `INCR ended-${number}` },
    };
    const possible = this.calm && this.isOpen;
    const { settled, runs } = await this.watch(`made-${number}`, strike, () => this.commands.create(inputs));
    if ("error" in settled) {
      assertReadable(this.world, "create", settled.error);
      assert.ok(!possible, `a create without faults failed: ${settled.error}`);
      return;
    }
    const { id, outs } = settled.value;
    assert.equal(runs, 1, "create resolved and its command did not run");
    assert.equal(outs?.response, "1");
    if (outs) this.kept.push({ id, state: outs });
  }

  private async delete(one: Kept, strike: () => void): Promise<void> {
    const key = `ended-${one.state.create.split("-").at(-1)}`;
    const { settled, runs } = await this.watch(key, strike, () => this.commands.delete(one.id, one.state));
    if ("error" in settled) {
      assertReadable(this.world, "delete", settled.error);
      assertNoStack("delete", settled.error);
      return;
    }
    this.kept = this.kept.filter((other) => other !== one);
    assert.ok(runs === 1 || !this.isOpen, "delete resolved, and its command did not run in a live session");
  }

  /** Runs a verb among faults, and tells how often it ran its command: never twice. */
  private async watch<T>(key: string, strike: () => void, verb: () => Promise<T>) {
    const { world } = this;
    const before = await this.teller.count(key);
    world.newRequests();
    strike();
    const settled = await verb().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    world.emulator.clearFaults();
    assertNoRefusedKeys(world, world.newRequests(), true);
    const runs = (await this.teller.count(key)) - before;
    assert.ok(runs <= 1, `a command ran ${runs} times in one verb`);
    return { settled, runs };
  }

  private get isOpen(): boolean {
    return this.world.open.includes(this.clientId);
  }
}
