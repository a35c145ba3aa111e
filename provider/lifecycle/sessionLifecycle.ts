import type { dynamic } from "@pulumi/pulumi";
import debug from "debug";
import type { Deadline, OperationOptions } from "../api/deadline";
import { type Definition, definitions } from "../definitions";
import { omitUndefined, UNKNOWN } from "../engine";
import { changedNames, comesFromPlugin, digest, newId } from "./properties";
import { ResourceLifecycle } from "./resourceLifecycle";
import type { Runtime } from "./runtime";
import type { SessionAdapter, SessionInputs, SessionState } from "./sessionAdapter";
import { clauseOf, notReadable, PartialCreateError, SessionError } from "./sessionError";
import { Sessions } from "./sessions";

const log = debug("huaweicloud-sessions:lifecycle");

/** The life of a login session, told once for every service. */
export class SessionLifecycle<
  Inputs extends SessionInputs,
  Session extends object,
  State extends Session & SessionState,
> extends ResourceLifecycle<State> {
  private readonly sessions: Sessions<Inputs, Session, State>;
  /** The output that identifies the session, and the argument that adopts one. */
  private readonly key: string;

  constructor(
    private readonly adapter: SessionAdapter<Inputs, Session, State>,
    runtime?: Runtime,
  ) {
    super(adapter.resource, runtime);
    this.sessions = new Sessions(adapter, this.runtime);
    this.key = definitions[adapter.resource].key;
  }

  async check(olds: object, news: object, options?: OperationOptions): Promise<dynamic.CheckResult> {
    this.runtime.isPreview = "__preview" in news && news.__preview === true;
    return this.checkArguments({ olds, news, options }, this.adapter.check);
  }

  async diff(
    id: string,
    olds: object,
    news: object,
    options?: OperationOptions,
  ): Promise<dynamic.DiffResult> {
    this.requireSession(olds);
    // One that will be replaced as well: what uses it is deleted before its logout.
    this.keepAlive(id, olds, options);
    const inputs = this.adapter.inputsIn(news);
    const { replaced, updated } = this.changedArguments(olds, inputs);
    if (updated !== undefined) this.runtime.updates.set(id, updated);
    const inPlace = { changes: updated !== undefined || comesFromPlugin(olds, news) };
    const adopted = this.adapter.adopted(inputs);
    if (adopted !== undefined && this.isSame(adopted, olds) && !this.movesServer(replaced)) {
      // The same open session: replacing it would log out the one that the replacement had just taken over.
      return { changes: inPlace.changes || replaced.length > 0 || !olds.adopted };
    }
    if (adopted !== undefined || olds.adopted || (olds.unfinished && replaced.length === 0)) {
      replaced.push(this.key);
    }
    if (replaced.length > 0) return { changes: true, replaces: replaced };
    const isUnknown = Object.values(updated ?? {}).includes(UNKNOWN);
    if (inputs.reopenWhenExpired === false || isUnknown) return inPlace;
    // By what the program passes, where that says whom to trust.
    const current = this.stateOf(inputs, olds);
    const operation = this.operation(options);
    if ((await this.sessions.ask(current, operation)) !== "dead") return inPlace;
    this.runtime.renewals.stop(id);
    operation.display.notice(
      `The session of ${this.adapter.describe(olds)} has expired or was ended. It will be opened again.`,
    );
    return { changes: true, replaces: [this.key] };
  }

  async create(news: object, options?: OperationOptions): Promise<Required<dynamic.CreateResult<State>>> {
    const inputs = this.adapter.inputsIn(news);
    const server = this.adapter.describe(inputs);
    const operation = this.operation(options);
    const adopted = this.adapter.adopted(inputs);
    const opened = adopted ? { session: adopted } : await this.sessions.logIn(inputs, operation);
    const made = {
      id: newId(this.adapter.idPrefix),
      state: this.stateOf(inputs, { ...opened.session, openedAt: now() }),
      news,
    };
    const unusable = (problem: Error) =>
      this.rollBack(SessionError.from(`Could not use the session of ${server}`, problem), made, operation);
    if (opened.problem) return unusable(opened.problem);
    const confirmed = await this.sessions.confirm(made.state, adopted !== undefined, operation);
    if (adopted && confirmed.liveness === "dead") throw this.notAdoptable(inputs);
    if (!adopted && confirmed.problem) return unusable(confirmed.problem);
    const state = this.stateOf(inputs, confirmed.state);
    this.keepAlive(made.id, state, options);
    return { id: made.id, outs: state };
  }

  async read(id: string, state?: object, options?: OperationOptions): Promise<dynamic.ReadResult<State>> {
    if (!state) return {};
    this.requireSession(state);
    const operation = this.operation(options);
    if ((await this.sessions.ask(state, operation)) !== "dead") return { id, props: state };
    operation.display.notice(
      `The session of ${this.adapter.describe(state)} has expired or was ended, so it is dropped from the state.`,
    );
    return {};
  }

  async update(
    id: string,
    olds: object,
    news: object,
    options?: OperationOptions,
  ): Promise<Required<dynamic.UpdateResult<State>>> {
    this.requireSession(olds);
    const inputs = this.adapter.inputsIn(news);
    const state = this.stateOf(inputs, olds);
    const changed = changedNames(this.adapter.identity, olds, inputs);
    const updated =
      changed.length === 0 ? state : await this.confirmIdentity(inputs, state, changed, options);
    this.keepAlive(id, updated, options);
    return { outs: updated };
  }

  async delete(id: string, state: object, options?: OperationOptions): Promise<void> {
    this.requireSession(state);
    const operation = this.operation(options);
    const { renewals, logouts, updates } = this.runtime;
    renewals.stop(id);
    const target = { ...state, ...updates.get(id) };
    const logOut = () => this.sessions.logOut(target, target, operation);
    try {
      await logouts.of(
        this.adapter.describe(state),
        () => renewals.using(this.adapter.keyOf(state), operation, logOut),
        operation.display,
      );
    } catch (error) {
      throw this.sessions.logoutFailure(state, error);
    }
  }

  /** Where a server pins the session to the old value, a logout by the new one would see it as dead. */
  private async confirmIdentity(
    inputs: Inputs,
    state: State,
    changed: readonly string[],
    options?: OperationOptions,
  ): Promise<State> {
    const confirmed = await this.sessions.confirm(state, true, this.operation(options));
    if (confirmed.liveness === "alive") return this.stateOf(inputs, confirmed.state);
    if (confirmed.liveness === "dead") throw this.notAdoptable(inputs);
    const what = `Could not update the session of ${this.adapter.describe(inputs)}`;
    const reason = `nothing shows whether the server knows it by the new \`${changed.join("` and `")}\``;
    throw new SessionError(what, reason, "Run the same command again later, or keep the previous value.");
  }

  private notAdoptable(inputs: Inputs): SessionError {
    const reason = `the server knows no open session with this \`${this.key}\``;
    const what = `Could not adopt the session of ${this.adapter.describe(inputs)}`;
    return new SessionError(what, reason, this.adapter.adoptionAdvice);
  }

  /** Ends a session that can't be used. Rejects with why, and with the session where ending it failed. */
  private async rollBack(
    why: Error,
    { id, state, news }: { id: string; state: State; news: object },
    operation: Deadline,
  ): Promise<never> {
    try {
      await this.sessions.logOut(state, state, operation);
    } catch (error) {
      log("logout after a failed create: %s", clauseOf(error));
      throw new PartialCreateError(why, id, { state: { ...state, unfinished: true }, news });
    }
    throw why;
  }

  private keepAlive(id: string, state: State, { display }: OperationOptions = {}): void {
    if (this.runtime.isPreview) return;
    this.runtime.renewals.start(id, {
      description: this.adapter.describe(state),
      obstacle: this.adapter.whyNotRenewable(state),
      key: this.adapter.keyOf(state),
      probe: () => this.sessions.probe(state, this.operation()),
      ...(display && { display }),
    });
  }

  private stateOf(inputs: Inputs, session: Session & { openedAt: string }): State {
    const key = this.adapter.keyOf(session);
    const adopted = this.adapter.adopted(inputs);
    const passed = adopted && this.adapter.keyOf(adopted);
    return omitUndefined({
      ...this.adapter.stateOf(inputs, session),
      passwordDigest: digest(inputs.password, key),
      adopted: adopted ? (true as const) : undefined,
      adoptedDigest: passed === key ? undefined : digest(passed, key),
    });
  }

  private isSame(adopted: Session, olds: State): boolean {
    const [passed, key] = [this.adapter.keyOf(adopted), this.adapter.keyOf(olds)];
    return passed === key || olds.adoptedDigest === digest(passed, key);
  }

  private movesServer(changed: readonly string[]): boolean {
    return this.adapter.server.some((name) => changed.includes(name));
  }

  /** The names of what replaces the session, and the values of what updates it. */
  private changedArguments(olds: State, news: Inputs): { replaced: string[]; updated?: object } {
    const { args }: Definition = definitions[this.adapter.resource];
    const named = (effect: "replaces" | "updates") =>
      Object.keys(args).filter((name) => args[name]?.[effect] && name !== "password" && name !== this.key);
    const replaced = changedNames(named("replaces"), olds, news);
    const updates = named("updates");
    const values = new Map<string, unknown>(Object.entries(news));
    const passed = Object.fromEntries(updates.map((name) => [name, values.get(name)]));
    const known = olds.passwordDigest ?? olds.passwordSeal;
    const samePassword = known === digest(news.password, this.adapter.keyOf(olds));
    return {
      replaced: samePassword ? replaced : [...replaced, "password"],
      updated: changedNames(updates, olds, news).length > 0 ? passed : undefined,
    };
  }

  /** A resource that was read by an ID instead of being created has no session. */
  private requireSession(state: object): asserts state is State {
    const { resource } = this.adapter;
    if (!("openedAt" in state)) {
      throw notReadable(resource, `To take over an open session, create a ${resource} with \`${this.key}\`.`);
    }
    this.requireState(state);
  }
}

function now(): string {
  return new Date().toISOString();
}
