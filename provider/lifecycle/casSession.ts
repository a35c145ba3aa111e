import type { dynamic } from "@pulumi/pulumi";
import { Cas, type CasServer, type Liveness } from "../api/cas";
import { RequestFailed, SessionError } from "../api/errors";
import { mayPass, notPerformed, PACE, type Pace, Patience } from "../api/patience";
import { findCasInputs } from "./casInputs";
import { Findings } from "./findings";
import { present } from "./present";
import {
  abandon,
  diffSession,
  type Hosted,
  lostSession,
  newId,
  orUnknown,
  type SessionState,
  seal,
} from "./session";

/** What check hands to the other verbs. */
export interface CasInputs extends CasServer, Hosted {
  username?: string;
  password?: string;
  /** An open session to adopt. */
  ticketGrantingCookie?: string;
  reopenWhenExpired?: boolean;
  triggers?: string[];
}

export interface CasState extends CasServer, SessionState {
  /** `NAME=VALUE` */
  ticketGrantingCookie: string;
  username?: string;
  triggers?: string[];
}

const SERVER = ["casUrl", "service", "userAgent", "caCertificate", "certificateFingerprint"] as const;

/** The life of a CAS single sign-on session. */
export class CasSessionLifecycle implements dynamic.ResourceProvider<CasInputs, CasState> {
  constructor(private readonly pace: Pace = PACE) {}

  async check(_olds: unknown, news: CasInputs): Promise<dynamic.CheckResult<CasInputs>> {
    const findings = new Findings({ ...news });
    return { inputs: present(findCasInputs(findings)), failures: findings.failures };
  }

  async diff(_id: string, olds: CasState, news: CasInputs): Promise<dynamic.DiffResult> {
    return diffSession({
      identity: "ticketGrantingCookie",
      place: ["casUrl"],
      args: [...SERVER, "username", "triggers"],
      olds,
      news,
      liveness: () => this.liveness(olds),
    });
  }

  async create(inputs: CasInputs): Promise<dynamic.CreateResult<CasState>> {
    const id = newId("cas");
    const openedAt = new Date().toISOString();
    const { ticketGrantingCookie: adopted } = inputs;
    const ticketGrantingCookie = adopted ?? (await this.logIn(inputs));
    const outs = stateOf(inputs, { ticketGrantingCookie, openedAt });
    // A new session that looks dead from here would look dead after a log-out that did nothing, too.
    if ((await this.liveness(outs)) !== "dead") return { id, outs };
    if (adopted !== undefined) throw deadOnAdoption(inputs);
    return abandon(deadAfterLogIn(inputs), { id, outs, inputs }, () => this.delete(id, outs));
  }

  async read(id: string, state?: CasState): Promise<dynamic.ReadResult<CasState>> {
    if (!state || (await this.liveness(state)) === "dead") return {};
    return { id, props: state };
  }

  async update(_id: string, olds: CasState, news: CasInputs): Promise<dynamic.UpdateResult<CasState>> {
    return { outs: stateOf(news, olds) };
  }

  async delete(_id: string, state: CasState): Promise<void> {
    const patience = new Patience(this.pace);
    try {
      await patience.retry(() => logOut(new Cas(state, patience), state.ticketGrantingCookie), mayPass);
    } catch (error) {
      throw SessionError.from(`Could not log out of the CAS at ${state.casUrl}`, error);
    }
  }

  private async logIn(inputs: CasInputs): Promise<string> {
    const { username = "", password = "" } = inputs;
    const patience = new Patience(this.pace);
    try {
      return await patience.retry(() => new Cas(inputs, patience).logIn(username, password), notPerformed);
    } catch (error) {
      const advice = error instanceof RequestFailed ? lostSession(error, "20 minutes") : undefined;
      throw SessionError.from(`Could not log in to the CAS at ${inputs.casUrl}`, error, advice);
    }
  }

  private liveness(state: CasState): Promise<Liveness> {
    const patience = new Patience(this.pace, this.pace.probeMs);
    const alive = new Cas(state, patience).liveness(state.ticketGrantingCookie);
    return orUnknown(`the session of the CAS at ${state.casUrl}`, alive);
  }
}

/** Ends a session and proves it: a CAS answers 200 to any log-out, whether it ended something or not. */
async function logOut(cas: Cas, cookie: string): Promise<void> {
  try {
    const confirmation = await cas.logOut(cookie);
    if (confirmation && (await cas.liveness(cookie)) !== "dead") {
      await cas.confirmLogOut(cookie, confirmation);
    }
  } catch (error) {
    // Apereo 6.6 answers 500 to the log-out of an ended session, Jasig 3.5 to one that it carries out.
    const doubtful = error instanceof RequestFailed && (mayPass(error) || error.mayHaveActed);
    if (doubtful && (await cas.liveness(cookie)) === "dead") return;
    throw error;
  }
  if ((await cas.liveness(cookie)) !== "alive") return;
  throw new RequestFailed({
    said: "the server answered as if the log-out had worked, and the session is still alive",
    advice:
      "Log out with the browser or have an administrator end the session, then run the same command again.",
    again: "never",
  });
}

function deadOnAdoption({ casUrl }: CasInputs): SessionError {
  return new SessionError(
    `Could not adopt the session of the CAS at ${casUrl}`,
    "the server shows its log-in form to that cookie",
    "Log in again and give the new ticketGrantingCookie, with the userAgent that it was made with.",
  );
}

function deadAfterLogIn({ casUrl }: CasInputs): SessionError {
  return new SessionError(
    `Could not use the session of the CAS at ${casUrl}`,
    "the log-in worked, and the server shows its log-in form to the new cookie",
    "Check that this machine reaches the server by one address, to which the server may pin the cookie. " +
      "If the session is open all the same, its idle time-out (20 minutes) ends it.",
  );
}

function stateOf(
  inputs: CasInputs,
  { ticketGrantingCookie, openedAt }: Pick<CasState, "ticketGrantingCookie" | "openedAt">,
): CasState {
  const { reopenWhenExpired: _, password, ticketGrantingCookie: adopted, ...args } = inputs;
  const passwordSeal = seal(password, ticketGrantingCookie);
  return present({
    ...args,
    passwordSeal,
    ticketGrantingCookie,
    openedAt,
    adopted: adopted ? (true as const) : undefined,
  });
}
