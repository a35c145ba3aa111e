import type { Connections } from "../api/connections";
import type { Deadline } from "../api/deadline";
import type { Liveness } from "../api/errors";
import type { Checker } from "../check/checkArguments";
import type { Settings } from "../config/settings";
import type { SessionName } from "../definitions";

/** What check hands to the other verbs, beside the arguments of the service. */
export interface SessionInputs {
  password?: string;
  reopenWhenExpired?: boolean;
}

/** What every session keeps in state, beside what its service needs. */
export interface SessionState {
  /** ISO 8601 */
  openedAt: string;
  /** Tells a changed password without keeping the password. */
  passwordDigest?: string;
  /** The same, in the state of release 0.1.0. */
  passwordSeal?: string;
  /** The program passed the session; it was not opened here. */
  adopted?: true;
  /** Tells by what value the program passed it, where the server has set another one since. */
  adoptedDigest?: string;
  /** The login succeeded and what came after it did not: delete ends it, the next up replaces it. */
  unfinished?: true;
}

/** What the calls for a session need beside it. */
export interface SessionContext {
  settings: Settings;
  connections: Connections;
  deadline: Deadline;
}

/** A session that has just been opened. */
export interface Opened<Session> {
  session: Session;
  /** Why it can't be used, although it is open. */
  problem?: Error;
}

/**
 * What a service needs for its sessions to become resources. `Session` is what identifies an open session to
 * the service, and `State` is that with the arguments that later verbs need.
 */
export interface SessionAdapter<Inputs, Session, State> {
  resource: SessionName;
  /** What IDs begin with, before random characters. */
  idPrefix: string;
  /** The arguments that say which server the session is on. */
  server: readonly string[];
  /** The arguments that a server may pin a session to. With another value, it no longer recognizes the session. */
  identity: readonly string[];
  /** When the service ends a session by itself. */
  idleTimeout: string;
  /** What to do where a session to adopt has ended. */
  adoptionAdvice: string;
  /** Such as `the CAS at https://HOST:20009/cas`. */
  describe(target: Inputs | State): string;
  check: Checker;
  /** What check resolved with, as the engine hands it to another verb. */
  inputsIn(news: object): Inputs;
  keyOf(session: Session): string;
  /** The open session that the program passed, if it did. */
  adopted(inputs: Inputs): Session | undefined;
  stateOf(inputs: Inputs, session: Session & { openedAt: string }): State;
  connect(target: Inputs | State, context: SessionContext): SessionClient<Inputs, Session>;
  /** Why asking for a session does not keep it alive; undefined where it does. */
  whyNotRenewable(state: State): string | undefined;
}

/** The service's calls for one session. */
export interface SessionClient<Inputs, Session> {
  logIn(inputs: Inputs): Promise<Opened<Session>>;
  /**
   * Looks at a session that has just been opened, and notes in it what later answers count for. With `mustAsk`, the
   * server is asked, also where a login leaves no doubt.
   */
  confirm(session: Session, mustAsk: boolean): Promise<Opened<Session> & { liveness: Liveness }>;
  probe(session: Session): Promise<Liveness>;
  /** Resolves only with evidence that the session has ended: with what it was, as a clause. */
  logOut(session: Session): Promise<string>;
}
