import type { Deadline } from "../deadline";
import type { Liveness } from "../errors";
import type { HttpClient } from "../http/http";
import type { HttpResponse } from "../http/messages";
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

/** Requests to one CAS server. */
export class CasRequests {
  constructor(
    readonly server: CasServer,
    private readonly http: HttpClient,
    readonly deadline: Deadline,
  ) {}

  /** A POST without a form has the headers of JSON and no body, as MRS Manager documents its logout. */
  send(
    method: "GET" | "POST",
    path: "/login" | "/logout",
    { service, cookie, form }: { service?: string; cookie?: string; form?: Record<string, string> },
  ): Promise<HttpResponse> {
    const { casUrl, userAgent, caCertificate, certificateFingerprint } = this.server;
    const query = service ? `?service=${encodeURIComponent(service)}` : "";
    const isJson = method === "POST" && !form;
    const type = form ? "application/x-www-form-urlencoded" : isJson ? "application/json" : undefined;
    return this.http.send({
      method,
      url: `${casUrl}${path}${query}`,
      headers: {
        Accept: isJson ? "application/json" : "text/html,application/xhtml+xml,*/*;q=0.8",
        "User-Agent": userAgent,
        ...(cookie ? { Cookie: cookie } : {}),
        ...(type ? { "Content-Type": type } : {}),
      },
      body: type && new URLSearchParams(form).toString(),
      trust: { caCertificate, certificateFingerprint },
      once: method === "POST" && path === "/login",
      ...this.deadline.limits,
    });
  }
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
