import { randomBytes } from "node:crypto";
import type { Deadline } from "../deadline";
import { type Liveness, RequestError } from "../errors";
import type { Trust } from "../http/agent";
import { complete, type HttpClient, type HttpResponse, isTransient } from "../http/http";
import { casError, loginError, logoutError, unusableCookieError } from "./errors";
import { cookiesIn, type Form, isTicketGranting, loginForm, nameOf, parseForms } from "./pages";

/** A CAS server, and how this client identifies itself to it. */
export interface CasServer extends Trust {
  /** `https://HOST:20009/cas` */
  casUrl: string;
  /** The URL of the application to log in to. */
  service?: string;
  /** Servers may pin a session to it. */
  userAgent: string;
}

/** What identifies an open session. */
export interface CasKey {
  /** `NAME=VALUE` */
  ticketGrantingCookie: string;
  /** The other cookies of the login: a balancer may lead to the node that knows the session by one of them. */
  cookies?: string;
}

export interface CasLogin extends CasKey {
  /** Why the session can't be used, although it is open. */
  problem?: RequestError;
}

/** What a page says to a cookie: see `Cas.probe`. */
type View = "ticket" | "login form" | "page" | "page with a form" | "other";

/** What a probe found out; `indistinct` means that the server shows the same page to any cookie. */
export type Probe = Liveness | "indistinct";

/** How often a server has to look as if it showed one page to any cookie, until that counts. */
const INDISTINCT_ROUNDS = 3;

/** CAS single sign-on: https://apereo.github.io/cas/6.6.x/protocol/CAS-Protocol-Specification.html */
export class Cas {
  constructor(
    private readonly server: CasServer,
    private readonly http: HttpClient,
    private readonly deadline: Deadline,
  ) {}

  /** Logs in with a fresh form. Only the cookie tells a success: its page may be a 200 either way. */
  async logIn(username: string, password: string): Promise<CasLogin> {
    const { service, casUrl } = this.server;
    const page = complete(await this.call("GET", "/login", { service }));
    const form = page.status === 200 ? loginForm(parseForms(page.body), casUrl) : undefined;
    if (!form) throw casError(page, "with something other than a CAS login form");
    this.deadline.requireTimeForLogin();
    const fields = { _eventId: "submit", submit: "Login", ...form.hidden, username, password };
    const response = await this.call("POST", "/login", {
      service,
      cookie: cookiesIn(page.setCookies).join("; "),
      form: fields,
    });
    // In the headers, which hold also where the body broke off.
    const cookies = cookiesIn([...page.setCookies, ...response.setCookies]);
    const ticketGrantingCookie = cookiesIn(response.setCookies).findLast(isTicketGranting);
    if (!ticketGrantingCookie) throw loginError(complete(response));
    const others = cookies.filter((cookie) => nameOf(cookie) !== nameOf(ticketGrantingCookie)).join("; ");
    const problem = isUsable(ticketGrantingCookie) ? undefined : unusableCookieError(response);
    return { ticketGrantingCookie, cookies: others || undefined, problem };
  }

  /**
   * Ends a session, and resolves only with evidence that it has ended: a CAS answers 200 to any logout,
   * whether it ended something or not. `probeTells` says whether a probe told this session from a made-up
   * one when it was opened; undefined for a session that an earlier release opened.
   */
  async logOut(key: CasKey, probeTells: boolean | undefined): Promise<void> {
    let { answered, confirmation, failed, isFinal } = await this.requestLogout(key);
    let liveness = await this.probe(key);
    if (confirmation && liveness !== "dead") {
      const confirming = { cookie: cookieHeader(key), form: confirmation.hidden };
      isFinal = isPlainPage(await this.call("POST", "/logout", confirming));
      liveness = await this.probe(key);
    }
    if (liveness === "dead") return;
    if (failed) throw failed;
    // Where no probe can tell, the logout's own answer must at least look like one.
    if (liveness === "indistinct" && !probeTells && isFinal) return;
    throw logoutError(liveness === "alive" ? "alive" : "unknown", answered);
  }

  /** An answer that is not a success counts only where the session outlives it. */
  private async requestLogout(key: CasKey): Promise<LogoutAnswer> {
    try {
      const options = { cookie: cookieHeader(key), type: "application/json", body: "" };
      const response = await this.call("POST", "/logout", options);
      const answered = `${response.request} answered ${response.status}`;
      if (response.status === 429 || (response.status >= 400 && response.status < 500))
        throw casError(response);
      if (response.status >= 500) return { answered, failed: casError(response), isFinal: false };
      const [confirmation] = response.status === 200 ? parseForms(response.body) : [];
      return { answered, confirmation, isFinal: isPlainPage(response) };
    } catch (error) {
      // The request may have ended the session before its connection broke.
      if (error instanceof RequestError && error.mayHaveActed)
        return { answered: error.message, failed: error, isFinal: false };
      throw error;
    }
  }

  /**
   * Whether a session is alive. The evidence for `dead` is the CAS's own login form. The evidence for `alive`
   * is a service ticket, or a page that a made-up cookie does not get. Where the page without a service is the
   * same for any cookie, and a form only without one, the server is `indistinct` (Jasig CAS 3.5). Where a
   * service is not registered, the server is asked again without it.
   */
  async probe(key: CasKey): Promise<Probe> {
    for (let round = 1; ; round++) {
      const found = await this.probeOnce(key);
      if (found !== "indistinct" || round === INDISTINCT_ROUNDS) return found;
    }
  }

  private async probeOnce(key: CasKey): Promise<Probe> {
    const madeUp = `${nameOf(key.ticketGrantingCookie)}=TGT-0-${randomBytes(24).toString("hex")}`;
    const others = { cookies: key.cookies };
    for (const service of new Set([this.server.service, undefined])) {
      const seen = await this.view(cookieHeader(key), service);
      if (seen === "ticket") return "alive";
      if (seen === "login form") return "dead";
      if (seen === "other") continue;
      const other = await this.view(cookieHeader({ ...others, ticketGrantingCookie: madeUp }), service);
      if (other === "login form") return "alive";
      if (service || seen !== "page" || other !== "page") continue;
      return (await this.view(key.cookies, service)) === "login form" ? "indistinct" : "unknown";
    }
    return "unknown";
  }

  /** What the server shows for a cookie. The ticket itself is thrown away: it is a key to the service. */
  private async view(cookie: string | undefined, service: string | undefined): Promise<View> {
    const response = complete(await this.call("GET", "/login", { cookie, service }));
    if (isTransient(response)) throw casError(response);
    if (grantsTicket(response, service)) return "ticket";
    if (response.status !== 200) return "other";
    const forms = parseForms(response.body);
    if (loginForm(forms, this.server.casUrl)) return "login form";
    if (forms.some((form) => form.asksForPassword)) return "other";
    return forms.length > 0 ? "page with a form" : "page";
  }

  private call(
    method: "GET" | "POST",
    path: "/login" | "/logout",
    { service, cookie, form, ...json }: CallOptions,
  ): Promise<HttpResponse> {
    const { casUrl, userAgent, caCertificate, certificateFingerprint } = this.server;
    const query = service ? `?service=${encodeURIComponent(service)}` : "";
    const { type, body } = form ? urlencoded(form) : json;
    return this.http.send({
      method,
      url: `${casUrl}${path}${query}`,
      headers: {
        // The logout of MRS Manager is documented with JSON headers; its pages are for browsers.
        Accept: type === "application/json" ? type : "text/html,application/xhtml+xml,*/*;q=0.8",
        "User-Agent": userAgent,
        ...(cookie ? { Cookie: cookie } : {}),
        ...(type ? { "Content-Type": type } : {}),
      },
      body,
      trust: { caCertificate, certificateFingerprint },
      ...this.deadline.limits,
    });
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

interface CallOptions {
  service?: string;
  cookie?: string;
  form?: Record<string, string>;
  type?: string;
  body?: string;
}

function cookieHeader({ ticketGrantingCookie, cookies }: CasKey): string {
  return cookies ? `${cookies}; ${ticketGrantingCookie}` : ticketGrantingCookie;
}

function isPlainPage({ status, body, bodyError }: HttpResponse): boolean {
  return status === 200 && !bodyError && parseForms(body).length === 0;
}

/** What can be sent back as it came. Apereo CAS encrypts and signs its cookie, which makes 600 to 1,000 characters. */
function isUsable(cookie: string): boolean {
  return /^[^=]+=[\x21-\x7e]{1,4096}$/.test(cookie);
}

function urlencoded(fields: Record<string, string>): { type: string; body: string } {
  return { type: "application/x-www-form-urlencoded", body: new URLSearchParams(fields).toString() };
}

function grantsTicket({ status, headers: { location } }: HttpResponse, service: string | undefined): boolean {
  if (!service || status !== 302 || !location || !URL.canParse(location)) return false;
  const [to, wanted] = [new URL(location), new URL(service)];
  return to.origin === wanted.origin && to.pathname === wanted.pathname && to.searchParams.has("ticket");
}
