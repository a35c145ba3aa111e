import type { dynamic } from "@pulumi/pulumi";
import debug from "debug";
import { Deadline, ifNotPerformed, ifTransient, type OperationOptions } from "../api/deadline";
import type { Liveness } from "../api/errors";
import { notice } from "../api/notice";
import { type Definition, definitions } from "../definitions";
import { omitUndefined } from "../engine";
import { changedNames, comesFromPlugin, digest, newId } from "./properties";
import { ResourceLifecycle } from "./resourceLifecycle";
import type { Runtime } from "./runtime";
import type { Opened, SessionAdapter, SessionClient, SessionInputs, SessionState } from "./sessionAdapter";
import {
  clauseOf,
  deadAfterLogin,
  logoutAdvice,
  lostSessionAdvice,
  notReadable,
  PartialCreateError,
  SessionError,
} from "./sessionError";

const log = debug("huaweicloud-sessions:lifecycle");

/** The life of a login session, told once for every service. */
export class SessionLifecycle<
    Inputs extends SessionInputs,
    Session extends object,
    State extends Session & SessionState,
  >
  extends ResourceLifecycle
  implements dynamic.ResourceProvider<Inputs, State>
{
  private isPreview = false;

  constructor(
    private readonly adapter: SessionAdapter<Inputs, Session, State>,
    runtime?: Runtime,
  ) {
    super(runtime);
  }

  async check(olds: object, news: object, options?: OperationOptions): Promise<dynamic.CheckResult<Inputs>> {
    this.isPreview = "__preview" in news && news.__preview === true;
    const { resource, check } = this.adapter;
    return this.checkArguments(resource, { olds, news, options }, check);
  }

  async diff(id: string, olds: State, news: Inputs, options?: OperationOptions): Promise<dynamic.DiffResult> {
    const { key, server } = this.adapter;
    this.requireSession(olds);
    const changed = this.changedArguments(olds, news);
    const adopted = this.adapter.adopted(news);
    const sameSession = adopted !== undefined && this.adapter.keyOf(adopted) === this.adapter.keyOf(olds);
    if (sameSession && !server.some((name) => changed.includes(name))) {
      // The same open session: replacing it would log out the one that the replacement had just taken over.
      this.keepAlive(id, olds);
      return { changes: changed.length > 0 || !olds.adopted || comesFromPlugin(olds, news) };
    }
    if (adopted !== undefined || olds.adopted) changed.push(key);
    if (changed.length > 0) return { changes: true, replaces: changed };
    if (olds.unfinished) return { changes: true, replaces: [key] };
    const mayReopen = news.reopenWhenExpired !== false;
    if (!mayReopen || (await this.ask(olds, options)) !== "dead") {
      this.keepAlive(id, olds);
      return { changes: comesFromPlugin(olds, news) };
    }
    notice(
      `The session of ${this.adapter.describe(olds)} has expired or was ended. It will be opened again.`,
    );
    return { changes: true, replaces: [key] };
  }

  async create(inputs: Inputs, options?: OperationOptions): Promise<dynamic.CreateResult<State>> {
    const id = newId(this.adapter.idPrefix);
    const server = this.adapter.describe(inputs);
    const adopted = this.adapter.adopted(inputs);
    const { session, problem } = adopted ? { session: adopted } : await this.logIn(inputs, options);
    const state = this.stateOf(inputs, { ...session, openedAt: new Date().toISOString() });
    if (problem) {
      const why = SessionError.from(`Could not use the session of ${server}`, problem);
      return this.rollBack(why, { id, state, inputs });
    }
    const confirmed = await this.confirm(inputs, state, adopted !== undefined, options);
    if (confirmed.liveness !== "dead") {
      this.keepAlive(id, confirmed.state);
      return { id, outs: confirmed.state };
    }
    if (adopted) throw this.notAdoptable(inputs);
    // A new session that looks dead from here would look dead after a logout that did nothing, too.
    return this.rollBack(deadAfterLogin(server, this.adapter.idleTimeout), { id, state, inputs });
  }

  async read(id: string, state?: State, options?: OperationOptions): Promise<dynamic.ReadResult<State>> {
    this.requireSession(state);
    if (!state || (await this.ask(state, options)) === "dead") return {};
    return { id, props: state };
  }

  async update(
    _id: string,
    olds: State,
    news: Inputs,
    options?: OperationOptions,
  ): Promise<dynamic.UpdateResult<State>> {
    const state = this.stateOf(news, olds);
    const changed = changedNames(this.adapter.identity, olds, news);
    if (changed.length === 0) return { outs: state };
    // Where a server pins the session to the old value, a logout by the new one would see it as dead.
    const confirmed = await this.confirm(news, state, true, options);
    if (confirmed.liveness === "alive") return { outs: confirmed.state };
    if (confirmed.liveness === "dead") throw this.notAdoptable(news);
    const what = `Could not update the session of ${this.adapter.describe(news)}`;
    const reason = `nothing shows whether the server knows it by the new \`${changed.join("` and `")}\``;
    throw new SessionError(what, reason, "Run the same command again later, or keep the previous value.");
  }

  async delete(id: string, state: State, options?: OperationOptions): Promise<void> {
    const server = this.adapter.describe(state);
    await this.runtime.renewals.stop(id);
    const deadline = new Deadline(`log out of ${server}`, this.runtime.timeouts, options);
    try {
      await deadline.retry(() => this.connect(state, deadline).logOut(state), ifTransient);
    } catch (error) {
      const advice = logoutAdvice(error, this.adapter.idleTimeout);
      throw SessionError.from(`Could not log out of ${server}`, error, advice);
    }
  }

  private connect(target: Inputs | State, deadline: Deadline): SessionClient<Inputs, Session> {
    const { settings, runtime } = this;
    return this.adapter.connect(target, { settings, connections: runtime.connections, deadline });
  }

  private async logIn(inputs: Inputs, options?: OperationOptions): Promise<Opened<Session>> {
    const server = this.adapter.describe(inputs);
    const deadline = new Deadline(`log in to ${server}`, this.runtime.timeouts, options);
    try {
      return await deadline.retry(() => this.connect(inputs, deadline).logIn(inputs), ifNotPerformed);
    } catch (error) {
      const advice = lostSessionAdvice(error, this.adapter.idleTimeout);
      throw SessionError.from(`Could not log in to ${server}`, error, advice);
    }
  }

  private notAdoptable(inputs: Inputs): SessionError {
    const { key, adoptionAdvice } = this.adapter;
    const reason = `the server knows no open session with this \`${key}\``;
    const what = `Could not adopt the session of ${this.adapter.describe(inputs)}`;
    return new SessionError(what, reason, adoptionAdvice);
  }

  private async confirm(inputs: Inputs, state: State, adopted: boolean, options?: OperationOptions) {
    const client = this.connect(inputs, this.probeDeadline(state, options));
    const unknown = { session: state, liveness: "unknown" as const };
    const { session, liveness } = await this.orUnknown(state, client.confirm(state, adopted), unknown);
    return { state: { ...state, ...session }, liveness };
  }

  private ask(state: State, options?: OperationOptions): Promise<Liveness> {
    const client = this.connect(state, this.probeDeadline(state, options));
    return this.orUnknown(state, client.probe(state), "unknown");
  }

  /** A server that can't be asked changes nothing. */
  private async orUnknown<T, U>(state: State, question: Promise<T>, unknown: U): Promise<T | U> {
    try {
      return await question;
    } catch (error) {
      const session = `the session of ${this.adapter.describe(state)}`;
      notice(`Could not tell whether ${session} is alive, so it is kept: ${clauseOf(error)}.`);
      return unknown;
    }
  }

  private probeDeadline(state: State, options?: OperationOptions): Deadline {
    return new Deadline(
      `check whether the session of ${this.adapter.describe(state)} is open`,
      this.runtime.timeouts,
      {
        ...options,
        timeout: this.runtime.timeouts.probeTimeout,
      },
    );
  }

  /** Ends a session that can't be used. Rejects with why, and with the session where ending it failed. */
  private async rollBack(why: Error, made: { id: string; state: State; inputs: Inputs }): Promise<never> {
    try {
      await this.delete(made.id, made.state);
    } catch (error) {
      log("logout after a failed create: %s", clauseOf(error));
      const { __provider } = made.inputs;
      throw new PartialCreateError(
        why,
        made.id,
        omitUndefined({ ...made.state, __provider, unfinished: true }),
      );
    }
    throw why;
  }

  private keepAlive(id: string, state: State): void {
    if (this.isPreview) return;
    this.runtime.renewals.start(id, {
      description: this.adapter.describe(state),
      obstacle: this.adapter.whyNotRenewable(state),
      key: this.adapter.keyOf(state),
      probe: () => this.connect(state, this.probeDeadline(state)).probe(state),
    });
  }

  private stateOf(inputs: Inputs, session: Session & { openedAt: string }): State {
    return omitUndefined({
      ...this.adapter.stateOf(inputs, session),
      passwordDigest: digest(inputs.password, this.adapter.keyOf(session)),
      adopted: this.adapter.adopted(inputs) ? (true as const) : undefined,
    });
  }

  private changedArguments(olds: State, news: Inputs): string[] {
    const { args }: Definition = definitions[this.adapter.resource];
    const special = ["password", this.adapter.key];
    const names = Object.keys(args).filter((name) => args[name]?.replaces && !special.includes(name));
    const changed = changedNames(names, olds, news);
    const known = olds.passwordDigest ?? olds.passwordSeal;
    return known === digest(news.password, this.adapter.keyOf(olds)) ? changed : [...changed, "password"];
  }

  /** A resource that was read by an ID instead of being created has no session. */
  private requireSession(state: State | undefined): void {
    if (state?.openedAt !== undefined && this.adapter.keyOf(state) !== undefined) return;
    const { resource, key } = this.adapter;
    throw notReadable(resource, `To take over an open session, create a ${resource} with \`${key}\`.`);
  }
}
