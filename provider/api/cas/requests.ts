import type { Deadline } from "../deadline";
import type { Liveness } from "../errors";
import type { HttpClient, HttpResponse } from "../http/http";
import type { Trust } from "../http/trust";

/** A CAS server, and how this client identifies itself to it. */
export interface CasServer extends Trust {
  /** `https://HOST:20009/cas` */
  casUrl: string;
  /** The URL of the application to log in to. */
  service?: string;
  /** Servers may pin a session to it. */
  userAgent: string;
}

/**
 * What a probe found out, beside whether the session is open:
 * - `sameForAnyCookie`: the server shows the same page to any cookie (Jasig CAS 3.5 without a service).
 * - `aliveButNotForService`: the service gets the login form for an open session (`ssoEnabled=false`).
 * - `otherNode`: the login form comes from a node on which the session was not opened.
 */
export type Probe = Liveness | "sameForAnyCookie" | "aliveButNotForService" | "otherNode";

/** What a request carries beside its address. */
export interface Content {
  service?: string;
  cookie?: string;
  form?: Record<string, string>;
  type?: string;
  body?: string;
}

/** Requests to one CAS server. */
export class CasRequests {
  constructor(
    readonly server: CasServer,
    private readonly http: HttpClient,
    readonly deadline: Deadline,
  ) {}

  send(
    method: "GET" | "POST",
    path: "/login" | "/logout",
    { service, cookie, form, ...json }: Content,
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
      once: method === "POST" && path === "/login",
      ...this.deadline.limits,
    });
  }
}

function urlencoded(fields: Record<string, string>): { type: string; body: string } {
  return { type: "application/x-www-form-urlencoded", body: new URLSearchParams(fields).toString() };
}

/** Whether an answer redirects to the service with a ticket for it, which a CAS does in an open session only. */
export function grantsTicket(
  { status, headers: { location } }: HttpResponse,
  service: string | undefined,
): boolean {
  if (!service || status !== 302 || !location || !URL.canParse(location)) return false;
  const [to, wanted] = [new URL(location), new URL(service)];
  return to.origin === wanted.origin && to.pathname === wanted.pathname && to.searchParams.has("ticket");
}
