import type { Deadline } from "../deadline";
import { type Liveness, RequestError } from "../errors";
import type { HttpClient } from "../http/http";
import type { HttpResponse } from "../http/messages";
import type { Successors } from "./cookies";
import { casError, logoutError, notForServiceError, notRecognizedError } from "./errors";
import { Login } from "./login";
import { type Form, readPage } from "./pages";
import { type CasKey, cookieHeader, Prober } from "./probe";
import { CasRequests, type CasServer, type Probe } from "./requests";

/** A session that was just opened, and what a probe found. */
export interface Confirmed {
  session: CasKey;
  liveness: Liveness;
  /** Why it can't be used, although it is open. */
  problem?: RequestError;
}

/** CAS single sign-on: https://apereo.github.io/cas/6.6.x/protocol/CAS-Protocol-Specification.html */
export class Cas {
  private readonly requests: CasRequests;
  private readonly prober: Prober;

  constructor(
    server: CasServer,
    http: HttpClient,
    deadline: Deadline,
    private readonly successors: Successors,
  ) {
    this.requests = new CasRequests(server, http, deadline);
    this.prober = new Prober(this.requests, successors);
  }

  /** Logs in once. The password is taken when it is about to be sent. */
  logIn(username: string, takePassword: () => string): Promise<CasKey> {
    return new Login(this.requests, this.prober).run(username, takePassword);
  }

  /** Looks at a session that was just opened: whether the CAS knows it, and whether a probe tells it from others. */
  async confirm(key: CasKey): Promise<Confirmed> {
    const found = await this.prober.probe(key);
    const session = { ...key, ...(await this.successorOf(key)), probeIsReliable: found === "alive" };
    return { session, liveness: livenessOf(found), problem: problemWith(found) };
  }

  /** What changes where the server has given the session another cookie, which is alive. */
  private async successorOf(key: CasKey): Promise<Partial<CasKey>> {
    const newest = this.newest(key);
    if (newest.ticketGrantingCookie === key.ticketGrantingCookie) return {};
    const found = await this.prober.probeBy({ ...key, ...newest });
    // By that probe, the server may have changed it again.
    return found === "alive" ? { ...this.newest(key), cookieRotates: true } : {};
  }

  private newest({ ticketGrantingCookie: cookie }: CasKey): Pick<CasKey, "ticketGrantingCookie"> {
    return { ticketGrantingCookie: [...this.successors.versionsOf(cookie)].at(-1) ?? cookie };
  }

  async probe(key: CasKey): Promise<Liveness> {
    // The answer would take the session away from its state.
    if (key.cookieRotates) return "unknown";
    return livenessOf(await this.prober.probe(key));
  }

  /**
   * Ends a session, and resolves only with evidence that it has ended: a CAS answers 200 to any logout, whether it ended
   * something or not. Resolves with what the evidence was. Each cookie that the server may know it by is logged out.
   */
  async logOut(key: CasKey): Promise<string> {
    let evidence = "";
    for (const ticketGrantingCookie of this.successors.versionsOf(key.ticketGrantingCookie)) {
      evidence = await this.logOutBy({ ...key, ticketGrantingCookie });
    }
    return evidence;
  }

  private async logOutBy(key: CasKey): Promise<string> {
    const { answered, confirmation, failed, ...page } = await this.requestLogout(key);
    // A probe in between could change the session's cookie.
    const isFinal = confirmation ? isPlainPage(await this.post(key, confirmation.hidden)) : page.isFinal;
    const found = await this.prober.probeBy(key);
    if (found === "dead") return `${answered}, and the CAS then showed its login form`;
    if (failed) throw failed;
    // Where no probe can tell, the logout's own answer must at least look like one.
    if (found === "sameForAnyCookie" && !key.probeIsReliable && isFinal) {
      return `${answered}, and the CAS shows the session the same page as any other visitor`;
    }
    throw logoutError(found, answered);
  }

  /** An answer that is not a success counts only where the session outlives it. */
  private async requestLogout(key: CasKey): Promise<LogoutAnswer> {
    try {
      const response = await this.post(key);
      const answered = `${response.request} answered ${response.status}`;
      if (response.status >= 400 && response.status < 500) throw casError(response);
      if (response.status >= 500) return { answered, failed: casError(response), isFinal: false };
      const [confirmation] = response.status === 200 ? readPage(response.body).forms : [];
      return { answered, confirmation, isFinal: isPlainPage(response) };
    } catch (error) {
      // The request may have ended the session before its connection broke.
      if (error instanceof RequestError && error.mayHaveActed)
        return { answered: error.message, failed: error, isFinal: false };
      throw error;
    }
  }

  /** Posts to the logout in the session, which some servers open anew by it. */
  private async post(key: CasKey, form?: Record<string, string>): Promise<HttpResponse> {
    const response = await this.requests.send("POST", "/logout", { cookie: cookieHeader(key), form });
    this.successors.note(key.ticketGrantingCookie, response);
    return response;
  }
}

interface LogoutAnswer {
  answered: string;
  /** The form that asks to confirm the logout. */
  confirmation?: Form;
  failed?: RequestError;
  /** Whether it can be the page that a CAS shows at the end of a session. */
  isFinal: boolean;
}

function problemWith(found: Probe): RequestError | undefined {
  if (found === "dead") return notRecognizedError();
  return found === "aliveButNotForService" ? notForServiceError() : undefined;
}

function livenessOf(found: Probe): Liveness {
  if (found === "aliveButNotForService") return "alive";
  return found === "sameForAnyCookie" || found === "otherNode" ? "unknown" : found;
}

function isPlainPage({ status, body, bodyError }: HttpResponse): boolean {
  return status === 200 && !bodyError && readPage(body).forms.length === 0;
}
