import { type Deadline, ifNotPerformed, ifTransient } from "../api/deadline";
import type { Liveness } from "../api/errors";
import type { Runtime } from "./runtime";
import type { Opened, SessionAdapter, SessionClient, SessionInputs, SessionState } from "./sessionAdapter";
import { clauseOf, logoutAdvice, lostSessionAdvice, SessionError } from "./sessionError";

/** Logging in, asking, and logging out, as sessions and commands with a session of their own do it. */
export class Sessions<
  Inputs extends SessionInputs,
  Session extends object,
  State extends Session & SessionState,
> {
  constructor(
    private readonly adapter: SessionAdapter<Inputs, Session, State>,
    private readonly runtime: Runtime,
  ) {}

  /** Logs in once, in time to log out again where what comes after it fails. */
  async logIn(inputs: Inputs, operation: Deadline, what?: string): Promise<Opened<Session>> {
    const server = this.adapter.describe(inputs);
    try {
      operation.requireTimeForSession();
      const step = operation.stepBeforeLogout(`logging in to ${server}`);
      step.show();
      return await step.retry(() => this.connect(inputs, step).logIn(inputs), ifNotPerformed);
    } catch (error) {
      const advice = lostSessionAdvice(error, this.adapter.idleTimeout);
      throw SessionError.from(what ?? `Could not log in to ${server}`, error, advice);
    }
  }

  /** Looks at a session that was just opened or adopted: see `SessionClient.confirm`. */
  async confirm(
    state: State,
    mustAsk: boolean,
    operation: Deadline,
  ): Promise<{ state: State; liveness: Liveness; problem?: Error }> {
    const step = this.question(state, operation.stepBeforeLogout("confirming the session"));
    if (mustAsk) step.show();
    const question = this.connect(state, step).confirm(state, mustAsk);
    const { session, ...found } = await this.orUnknown(state, step, question, {
      session: state,
      liveness: "unknown" as const,
    });
    return { state: { ...state, ...session }, ...found };
  }

  /** Whether a session is alive. */
  ask(state: State, operation: Deadline): Promise<Liveness> {
    return this.orUnknown(state, operation, this.probe(state, operation), "unknown", ", so it is kept");
  }

  /** The same; rejects where the server can't be asked. */
  async probe(state: State, operation: Deadline): Promise<Liveness> {
    const step = this.question(state, operation);
    step.show();
    const liveness = await this.connect(state, step).probe(state);
    // For the row that stays where nothing follows; the others have a notice.
    if (liveness === "alive") step.display.status(`the session of ${this.adapter.describe(state)} is open`);
    return liveness;
  }

  /** Ends a session, and resolves with the evidence that it has ended. */
  async logOut(target: Inputs | State, session: Session, operation: Deadline): Promise<string> {
    const step = operation.step(`logging out of ${this.adapter.describe(target)}`);
    step.show();
    return step.retry(() => this.connect(target, step).logOut(session), ifTransient);
  }

  logoutFailure(target: Inputs | State, error: unknown, { when = "", advice = "" } = {}): SessionError {
    const what = `Could not log out of ${this.adapter.describe(target)}${when}`;
    return SessionError.from(what, error, advice || logoutAdvice(error, this.adapter.idleTimeout));
  }

  private question(state: State, operation: Deadline): Deadline {
    const purpose = `checking whether the session of ${this.adapter.describe(state)} is open`;
    return operation.step(purpose, this.runtime.timeouts.probeTimeout);
  }

  private connect(target: Inputs | State, deadline: Deadline): SessionClient<Inputs, Session> {
    const { settings, connections } = this.runtime;
    return this.adapter.connect(target, { settings, connections, deadline });
  }

  /** A server that can't be asked changes nothing. */
  private async orUnknown<T, U>(
    state: State,
    { display }: Deadline,
    question: Promise<T>,
    unknown: U,
    so = "",
  ): Promise<T | U> {
    try {
      return await question;
    } catch (error) {
      const session = `the session of ${this.adapter.describe(state)}`;
      display.notice(`Could not tell whether ${session} is alive${so}: ${clauseOf(error)}.`);
      return unknown;
    }
  }
}
