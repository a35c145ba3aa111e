import { randomBytes } from "node:crypto";
import { ExpiringStore, MANY } from "../expiringStore";
import { type Call, cookieOf, json, type Reply } from "../http";
import { type Route, route } from "../router";
import { setCookie } from "./flavors";
import type { Services } from "./services";

const IDLE = 20 * 60 * 1000;
const cookie = { name: "JSESSIONID", path: "/web", secure: true, httpOnly: true };

/** The little of MRS Manager's web that a login goes through: it trusts tickets and keeps sessions of its own. */
export class ManagerWeb {
  private readonly sessions: ExpiringStore<true>;

  constructor(
    private readonly url: () => string,
    private readonly services: Services,
    now: () => number,
  ) {
    this.sessions = new ExpiringStore(now, { idleTimeout: IDLE, max: MANY });
  }

  routes(): Route[] {
    return [
      route("GET", "/web/v1/access/login_check", "web.loginCheck", (call) => this.checkLogin(call)),
      route("GET", "/web/cas_security_check.htm", "web.securityCheck", (call) => this.checkTicket(call)),
    ];
  }

  expireAll(): void {
    this.sessions.expireAll();
  }

  private checkLogin(call: Call): Reply {
    if (this.sessions.use(cookieOf(call, cookie.name) ?? "")) return json(200, { result: "success" });
    const login = `${this.url()}/cas/login?service=${encodeURIComponent(this.service())}`;
    return { status: 302, headers: { Location: login } };
  }

  private checkTicket(call: Call): Reply {
    const location = `${this.url()}/web/v1/access/login_check`;
    if (!this.services.redeem(call.query.get("ticket") ?? "", this.service())) {
      return { status: 302, headers: { Location: location } };
    }
    const id = randomBytes(16).toString("hex").toUpperCase();
    this.sessions.add(id, true);
    return { status: 302, headers: { Location: location, "Set-Cookie": setCookie(cookie, id) } };
  }

  private service(): string {
    return `${this.url()}/web/cas_security_check.htm`;
  }
}
