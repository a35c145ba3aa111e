import { randomBytes } from "node:crypto";
import type { Trust } from "./agent";
import { casFailure, loginFailure } from "./casErrors";
import { cookieHeader, type Form, parseForm, ticketGrantingCookie } from "./casPages";
import { type Answer, send } from "./http";
import type { Patience } from "./patience";

/** A CAS server, and how this client shows itself to it. */
export interface CasServer extends Trust {
  /** `https://HOST:20009/cas` */
  casUrl: string;
  /** The application to ask for, by URL. */
  service?: string;
  /** Servers may pin a session to it. */
  userAgent: string;
}

export type Liveness = "alive" | "dead" | "unknown";

/** CAS single sign-on: https://apereo.github.io/cas/6.6.x/protocol/CAS-Protocol-Specification.html */
export class Cas {
  constructor(
    private readonly server: CasServer,
    private readonly patience: Patience,
  ) {}

  /** Logs in with a fresh form and resolves with the ticket-granting cookie as `NAME=VALUE`. */
  async logIn(username: string, password: string): Promise<string> {
    const { service } = this.server;
    const page = await this.call("GET", "/login", { service });
    const form = page.status === 200 ? parseForm(page.body) : undefined;
    if (!form?.asksForPassword) throw casFailure(page, "which is no log-in form");
    const fields = { _eventId: "submit", submit: "Login", ...form.hidden, username, password };
    const answer = await this.call("POST", "/login", {
      service,
      cookie: cookieHeader(page.setCookies),
      ...urlencoded(fields),
    });
    // Only the cookie tells: a refusal is a 200 page on some servers, a success on others.
    const cookie = ticketGrantingCookie(answer.setCookies);
    if (!cookie) throw loginFailure(answer);
    return cookie;
  }

  /** Asks to end a session. Resolves with the form in which the server wants that confirmed, if it does. */
  async logOut(cookie: string): Promise<Form | undefined> {
    const answer = await this.call("POST", "/logout", { cookie, type: "application/json", body: "" });
    return this.endedOrForm(answer);
  }

  async confirmLogOut(cookie: string, form: Form): Promise<void> {
    this.endedOrForm(await this.call("POST", "/logout", { cookie, ...urlencoded(form.hidden) }));
  }

  private endedOrForm(answer: Answer): Form | undefined {
    if (answer.status === 302) return undefined;
    if (answer.status !== 200) throw casFailure(answer);
    return parseForm(answer.body);
  }

  /**
   * Whether a session is alive. Some servers show the same page to any cookie, so what is not plainly
   * alive or dead is held against what a made-up cookie gets; where that tells nothing, a service that
   * is not registered may be why, and the server is asked without one. Rejects where the server fails.
   */
  async liveness(cookie: string): Promise<Liveness> {
    const [name] = cookie.split("=", 1);
    const madeUp = `${name}=TGT-0-${randomBytes(24).toString("hex")}`;
    for (const service of new Set([this.server.service, undefined])) {
      const seen = await this.look(cookie, service);
      if (seen !== "unknown") return seen;
      if ((await this.look(madeUp, service)) === "dead") return "alive";
    }
    return "unknown";
  }

  private async look(cookie: string, service: string | undefined): Promise<Liveness> {
    const answer = await this.call("GET", "/login", { cookie, service });
    if (answer.status >= 500 || answer.status === 429) throw casFailure(answer);
    if (grantsTicket(answer, service)) return "alive";
    return answer.status === 200 && parseForm(answer.body)?.asksForPassword ? "dead" : "unknown";
  }

  private call(
    method: "GET" | "POST",
    path: "/login" | "/logout",
    { service, cookie, type, body }: { service?: string; cookie?: string; type?: string; body?: string },
  ): Promise<Answer> {
    const { casUrl, userAgent, caCertificate, certificateFingerprint } = this.server;
    const query = service ? `?service=${encodeURIComponent(service)}` : "";
    return send({
      method,
      url: `${casUrl}${path}${query}`,
      headers: {
        Accept: type ?? "text/html",
        "User-Agent": userAgent,
        ...(cookie ? { Cookie: cookie } : {}),
        ...(type ? { "Content-Type": type } : {}),
      },
      body,
      trust: { caCertificate, certificateFingerprint },
      timeoutMs: this.patience.answerMs,
      silenceMs: this.patience.pace.silenceMs,
    });
  }
}

function urlencoded(fields: Record<string, string>): { type: string; body: string } {
  return { type: "application/x-www-form-urlencoded", body: new URLSearchParams(fields).toString() };
}

/** The ticket itself is thrown away: it is a key to the service. */
function grantsTicket({ status, headers: { location } }: Answer, service: string | undefined): boolean {
  if (!service || status !== 302 || !location || !URL.canParse(location)) return false;
  const [to, wanted] = [new URL(location), new URL(service)];
  return to.origin === wanted.origin && to.pathname === wanted.pathname && to.searchParams.has("ticket");
}
