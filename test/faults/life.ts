import assert from "node:assert/strict";
import { Audit } from "./audit";
import { assertNoSecret } from "./invariants";
import { Judge, never } from "./judge";
import type { Step } from "./schedule";
import { inTime } from "./settle";
import { assertSpoiledIsRefused } from "./spoiled";
import type { Subject } from "./subject";
import type { World } from "./world";

interface Kept<State> {
  id: string;
  state: State;
  version: number;
  unfinished: boolean;
}

/** The host's text: it comes with the inputs of create, and nothing without it can be deleted. */
const TEXT = "exports.handler=()=>({})";

/** Lives a resource's life as the engine does: one current resource, and the replaced ones that are still to go. */
export class Life<Inputs, State> {
  private current: Kept<State> | undefined;
  private replaced: Kept<State>[] = [];
  private version = 0;
  private adopted: string | undefined;
  private readonly audit: Audit;
  private readonly judge: Judge;

  constructor(
    private readonly world: World,
    private readonly subject: Subject<Inputs, State>,
    private readonly lines: readonly string[],
  ) {
    this.audit = new Audit(world, subject.login);
    this.judge = new Judge(world);
  }

  async run(): Promise<void> {
    const { schedule } = this.world;
    const { outs } = await this.subject.lifecycle.create(this.subject.opener());
    assert.ok(outs);
    if (schedule.adopt) this.adopted = this.subject.credential(outs);
    this.audit.begin(this.subject.sessionOf(outs));
    await assertSpoiledIsRefused(this.world, this.subject);
    for (const step of schedule.steps) await this.step(step);
    await this.finish();
  }

  /** With keys that work and no faults, a destroy ends all that is left. */
  private async finish(): Promise<void> {
    if (!this.world.hasKeys) this.world.keys.renew();
    await this.step({ verb: "destroy", changed: false, faults: [] });
    assert.deepEqual(this.held, [], "a destroy without faults failed");
  }

  private async step(step: Step): Promise<void> {
    if (step.changed) this.version += 1;
    await this.world.happen(step.before);
    this.judge.calm = this.audit.startStep(step, this.held);
    const restarting = step.before === "restart during" ? this.world.restart() : undefined;
    await Promise.all([inTime(step.verb, this[step.verb](step)), restarting]);
    this.audit.endStep(step, this.held);
    assertNoSecret(this.world, "the log", this.lines);
  }

  private async up(step: Step): Promise<void> {
    const program = this.subject.program(this.version, this.adopted);
    const { inputs, failures } = await this.subject.lifecycle.check(undefined, program);
    assert.deepEqual(failures, []);
    assert.ok(inputs);
    if (this.current) await this.change(this.current, inputs, step);
    else await this.create(inputs, step);
  }

  private async change(kept: Kept<State>, inputs: Inputs, step: Step): Promise<void> {
    const { lifecycle, sessionOf } = this.subject;
    const diff = await never("diff", lifecycle.diff(kept.id, kept.state, inputs));
    const same = kept.version === this.version && !kept.unfinished;
    this.judge.diffed(diff, { same, adopts: this.adopted !== undefined, open: this.isOpen(kept) });
    if (diff.replaces?.length) {
      if (await this.create(inputs, step)) await this.deleteReplaced();
    } else if (diff.changes) {
      const { outs } = await lifecycle.update(kept.id, kept.state, inputs);
      assert.ok(outs);
      assert.equal(sessionOf(outs), sessionOf(kept.state), "update changed the session");
      this.current = { ...kept, state: outs, version: this.version };
    }
  }

  /** Whether a new resource came of it, usable or not. */
  private async create(inputs: Inputs, step: Step): Promise<boolean> {
    const adopts = this.adopted !== undefined;
    const adoptable = this.audit.startCreate(step);
    const settled = await this.subject.lifecycle.create({ ...inputs, __provider: TEXT }).then(
      ({ id, outs }) => ({ id, outs }),
      (error: unknown) => ({ error }),
    );
    this.audit.endCreate(step);
    if ("error" in settled) {
      this.judge.rejected(settled.error, adopts ? adoptable : this.world.canLogIn);
      return this.keepHalfMade(settled.error);
    }
    assert.ok(settled.outs);
    const made = { id: settled.id, state: settled.outs, version: this.version, unfinished: false };
    this.keep(made);
    this.judge.created(adopts, this.isOpen(made));
    return true;
  }

  private keepHalfMade(error: unknown): boolean {
    assert.ok(error instanceof Error);
    if (!("id" in error)) return false;
    assert.ok(
      "properties" in error && typeof error.id === "string" && this.subject.isState(error.properties),
    );
    this.keep({ id: error.id, state: error.properties, version: this.version, unfinished: true });
    return true;
  }

  private keep(made: Kept<State>): void {
    assertNoSecret(this.world, "an id", [made.id]);
    if (this.current) this.replaced.push(this.current);
    this.current = made;
  }

  private async refresh(): Promise<void> {
    const { current } = this;
    if (!current) return;
    const { id } = await never("read", this.subject.lifecycle.read(current.id, current.state));
    this.judge.wasRead(id === undefined, this.isOpen(current));
    if (id === undefined) this.current = undefined;
  }

  private async destroy(): Promise<void> {
    await this.deleteReplaced();
    if (this.current && (await this.delete(this.current))) this.current = undefined;
  }

  private async deleteReplaced(): Promise<void> {
    const left: Kept<State>[] = [];
    for (const kept of this.replaced) if (!(await this.delete(kept))) left.push(kept);
    this.replaced = left;
  }

  private async delete(kept: Kept<State>): Promise<boolean> {
    const failed = await this.subject.lifecycle.delete(kept.id, kept.state).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (failed) this.judge.notDeleted(failed.error);
    else this.judge.deleted(this.isOpen(kept));
    return !failed;
  }

  private get held(): string[] {
    const kept = this.current ? [this.current, ...this.replaced] : this.replaced;
    return kept.map(({ state }) => this.subject.sessionOf(state));
  }

  private isOpen({ state }: Kept<State>): boolean {
    return this.world.open.includes(this.subject.sessionOf(state));
  }
}
