import assert from "node:assert/strict";
import type { dynamic } from "@pulumi/pulumi";
import { PartialCreateError } from "../../provider/lifecycle/sessionError";
import type { Exchange } from "./exchange";
import { assertLoginsNotRepeated, assertNoKeyChanged, assertNoSecret, assertReadable } from "./invariants";
import type { World } from "./world";

export interface Provider<Inputs, State> {
  check(olds: object, news: object): Promise<dynamic.CheckResult<Inputs>>;
  diff(id: string, olds: State, news: Inputs): Promise<dynamic.DiffResult>;
  create(inputs: Inputs): Promise<dynamic.CreateResult<State>>;
  read?(id: string, state: State): Promise<dynamic.ReadResult<State>>;
  update(id: string, olds: State, news: Inputs): Promise<dynamic.UpdateResult<State>>;
  delete(id: string, state: State): Promise<void>;
}

export interface Kept<Inputs, State> {
  id: string;
  inputs: Inputs;
  state: State;
  /** Its create rejected, and left something to clean up. */
  unfinished: boolean;
}

/** What an operation sent. */
export type Sent = readonly Exchange[];

type Outcome<T> = { value: T } | { error: unknown };

/** The host's text: it comes with the inputs of create, and nothing without it can be deleted. */
const TEXT = "exports.handler=()=>({})";

/** One resource as the engine treats it: the current one, and the replaced ones that are still to go. */
export abstract class Resource<Inputs extends object, State extends object> {
  protected current: Kept<Inputs, State> | undefined;
  private replaced: Kept<Inputs, State>[] = [];
  /** How many operations may have logged in. */
  operations = 0;

  constructor(
    protected readonly world: World,
    /** The provider of the process that runs at the moment. */
    protected readonly provider: () => Provider<Inputs, State>,
    /** The project of its instance, "" where its service has none. */
    protected readonly project: string,
  ) {}

  protected abstract judgeDiff(kept: Kept<Inputs, State>, inputs: Inputs, diff: dynamic.DiffResult): void;
  /** Whether a create works where nothing goes wrong. */
  protected abstract canCreate(inputs: Inputs): boolean;
  /** Of a create that resolved, with its state, or rejected. */
  protected abstract judgeCreate(inputs: Inputs, state: State | undefined, sent: Sent): void;
  protected abstract judgeDelete(state: State, resolved: boolean, sent: Sent): void;
  /** The key that a state holds. */
  protected abstract keyIn(state: State): string | undefined;
  protected abstract isState(value: object): value is State;

  /** Whether the program's resource is there and can be used. */
  async up(args: object): Promise<boolean> {
    const { inputs, failures } = await this.provider().check({}, args);
    assert.deepEqual(failures, []);
    assert.ok(inputs);
    const kept = this.current;
    if (!kept) return this.create(inputs);
    const { outcome } = await this.watch("diff", () => this.provider().diff(kept.id, kept.state, inputs));
    if ("error" in outcome) assert.fail(`diff rejected: ${messageOf(outcome.error)}`);
    const diff = outcome.value;
    assertNoSecret(this.world.secrets, "diff", JSON.stringify(diff));
    this.judgeDiff(kept, inputs, diff);
    if (!diff.replaces?.length) return !diff.changes || this.update(kept, inputs);
    if (!diff.deleteBeforeReplace) return this.create(inputs);
    if (!(await this.delete(kept))) return false;
    this.current = undefined;
    return this.create(inputs);
  }

  /** What the engine deletes at the end of an update. */
  async deleteReplaced(): Promise<boolean> {
    const left: Kept<Inputs, State>[] = [];
    for (const kept of this.replaced) if (!(await this.delete(kept))) left.push(kept);
    this.replaced = left;
    return left.length === 0;
  }

  async destroy(): Promise<boolean> {
    const areGone = await this.deleteReplaced();
    if (this.current && (await this.delete(this.current))) this.current = undefined;
    return areGone && !this.current;
  }

  /** The keys in state. */
  get keys(): string[] {
    const all = this.current ? [this.current, ...this.replaced] : this.replaced;
    return all.map(({ state }) => this.keyIn(state)).filter((key) => key !== undefined);
  }

  /** Takes out of the states what release 0.1.0 did not keep: what the probes of a session are worth. */
  ageStates(): void {
    for (const kept of [this.current, ...this.replaced]) {
      if (kept && "probeIsReliable" in kept.state) kept.state = { ...kept.state, probeIsReliable: undefined };
    }
  }

  private async create(inputs: Inputs): Promise<boolean> {
    this.operations += 1;
    const created = () => this.provider().create({ ...inputs, __provider: TEXT });
    const { outcome, sent } = await this.watch("create", created);
    if ("error" in outcome) {
      const isWrong = this.isCalm && this.canCreate(inputs);
      assert.ok(!isWrong, `a create without faults failed: ${messageOf(outcome.error)}`);
      this.judgeCreate(inputs, undefined, sent);
      this.keepPartial(inputs, outcome.error);
      return false;
    }
    const { id, outs } = outcome.value;
    assert.ok(outs);
    this.keep({ id, inputs, state: outs, unfinished: false });
    this.judgeCreate(inputs, outs, sent);
    return true;
  }

  /** What create rejects with is kept in state as it is. */
  private keepPartial(inputs: Inputs, error: unknown): void {
    if (!(error instanceof PartialCreateError)) return;
    const { id, properties: state } = error;
    assert.ok(this.isState(state), "create rejected with no usable state");
    const hasText = "__provider" in state && state.__provider === TEXT;
    assert.ok(hasText, "what create keeps could not be deleted");
    this.keep({ id, inputs, state, unfinished: true });
  }

  private keep(made: Kept<Inputs, State>): void {
    assertNoSecret(this.world.secrets, "an ID", made.id);
    if (this.current) this.replaced.push(this.current);
    this.current = made;
  }

  private async update(kept: Kept<Inputs, State>, inputs: Inputs): Promise<boolean> {
    const updated = () => this.provider().update(kept.id, kept.state, inputs);
    const { outcome } = await this.watch("update", updated);
    if ("error" in outcome) return false;
    const { outs } = outcome.value;
    assert.ok(outs);
    this.current = { ...kept, inputs, state: outs };
    return true;
  }

  private async delete(kept: Kept<Inputs, State>): Promise<boolean> {
    this.operations += 1;
    const { outcome, sent } = await this.watch("delete", () => this.provider().delete(kept.id, kept.state));
    if ("error" in outcome)
      assert.ok(!this.isCalm, `a delete without faults failed: ${messageOf(outcome.error)}`);
    this.judgeDelete(kept.state, "value" in outcome, sent);
    return "value" in outcome;
  }

  /** Runs a verb, and holds what it sent and what it shows against what always holds. */
  protected async watch<T>(
    verb: string,
    work: () => Promise<T>,
  ): Promise<{ outcome: Outcome<T>; sent: Sent }> {
    const from = this.world.exchanges.length;
    const outcome = await this.world.inTime(verb, work).then(
      (value): Outcome<T> => ({ value }),
      (error: unknown): Outcome<T> => ({ error }),
    );
    const sent = this.world.exchanges.slice(from);
    if (this.world.setting.units === 1) {
      assertLoginsNotRepeated(sent);
      const keepsNothing = verb === "diff" || verb === "read";
      const isRotating = this.current !== undefined && "cookieRotates" in this.current.state;
      if (keepsNothing && isRotating) assertNoKeyChanged(verb, sent);
    }
    if ("error" in outcome) assertReadable(this.world.secrets, verb, outcome.error);
    return { outcome, sent };
  }

  protected get isCalm(): boolean {
    return this.world.isCalm(this.project);
  }

  protected isOpen(session: string | undefined): boolean {
    return session !== undefined && this.world.open().includes(this.world.sessionOf(session));
  }
}

/** The host prints another text for the errors of most verbs. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
