import type { SessionCount } from "../expiringStore";
import type { Settings } from "../options";
import type { Route } from "../router";
import { flavorOf } from "./flavors";
import { LoginForms } from "./forms";
import { CasLogin } from "./login";
import { CasLogout } from "./logout";
import { ManagerWeb } from "./manager";
import { CasSessions, ServiceTickets, TicketIds } from "./sessions";

/** The CAS server of MRS Manager or Apereo, put together. */
export class Cas {
  private readonly sessions: CasSessions;
  private readonly forms: LoginForms;
  private readonly tickets: ServiceTickets;
  private readonly login: CasLogin;
  private readonly logout: CasLogout;
  private readonly web: ManagerWeb;

  constructor(settings: Settings, url: () => string) {
    const flavor = flavorOf(settings.casFlavor, settings.casCookieName);
    const ids = new TicketIds();
    this.sessions = new CasSessions(settings, flavor, ids);
    this.forms = new LoginForms(flavor, ids, settings.clock);
    this.tickets = new ServiceTickets(settings, ids);
    this.login = new CasLogin(settings, flavor, this.sessions, this.forms, this.tickets);
    this.logout = new CasLogout(settings, flavor, this.sessions);
    this.web = new ManagerWeb(url, this.tickets, settings.clock);
  }

  routes(): Route[] {
    const route = (method: Route["method"], path: string, on: Route["on"], handle: Route["handle"]) => ({
      method,
      path,
      on,
      handle,
    });
    const shown: Route["on"] = (call) =>
      this.sessions.presented(call) === undefined ? "cas.form" : "cas.probe";
    // As a servlet container, take the HTTP session from the path of a client that sends no cookie.
    const login = ["/cas/login", "/cas/login;jsessionid=:httpSession"];
    return [
      ...login.map((path) => route("GET", path, shown, (call) => this.login.show(call))),
      ...login.map((path) => route("POST", path, "cas.login", (call) => this.login.submit(call))),
      route("GET", "/cas/logout", "cas.logout", (call) => this.logout.logOut(call)),
      route("POST", "/cas/logout", "cas.logout", (call) => this.logout.logOut(call)),
      route("GET", "/web/v1/access/login_check", "web.loginCheck", (call) => this.web.checkLogin(call)),
      route("GET", "/web/cas_security_check.htm", "web.securityCheck", (call) => this.web.checkTicket(call)),
    ];
  }

  count(): SessionCount {
    return this.sessions.count();
  }

  expireAll(): void {
    this.sessions.expireAll();
    this.web.expireAll();
    this.forgetPages();
  }

  /** Pages that are out are worth nothing any more; sessions stay. */
  forgetPages(): void {
    this.forms.clear();
    this.logout.clear();
    this.tickets.clear();
  }
}
