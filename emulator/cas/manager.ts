import { randomBytes } from "node:crypto";
import { type Call, json, type Reply } from "../http";
import { SessionStore } from "../sessions";
import { setCookie } from "./flavors";
import type { ServiceTickets } from "./service-tickets";
import { presentedCookie } from "./sessions";

const idleMs = 20 * 60 * 1000;
const cookie = { name: "JSESSIONID", path: "/web", secure: true, httpOnly: true };

/** The little of MRS Manager's web that a log-in goes through: it trusts tickets and keeps sessions of its own. */
export class ManagerWeb {
  private readonly sessions: SessionStore<null>;

  constructor(
    private readonly url: () => string,
    private readonly tickets: ServiceTickets,
    now: () => number,
  ) {
    this.sessions = new SessionStore({ idleMs }, now);
  }

  checkLogin(call: Call): Reply {
    const id = presentedCookie(call, cookie.name);
    if (id !== undefined && this.sessions.use(id) !== undefined) {
      return json(200, { result: "success" });
    }
    const login = `${this.url()}/cas/login?service=${encodeURIComponent(this.service())}`;
    return { status: 302, headers: { Location: login } };
  }

  checkTicket(call: Call): Reply {
    const location = `${this.url()}/web/v1/access/login_check`;
    if (!this.tickets.redeem(call.query.get("ticket") ?? "", this.service())) {
      return { status: 302, headers: { Location: location } };
    }
    const id = randomBytes(16).toString("hex").toUpperCase();
    this.sessions.open(id, null);
    return { status: 302, headers: { Location: location, "Set-Cookie": setCookie(cookie, id) } };
  }

  expireAll(): void {
    this.sessions.expireAll();
  }

  private service(): string {
    return `${this.url()}/web/cas_security_check.htm`;
  }
}
