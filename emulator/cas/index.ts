import type { Settings } from "../options";
import { type SessionCount, SessionStore } from "../sessions";
import { flavors } from "./flavors";
import { LoginForms } from "./forms";
import { CasLogin } from "./login";
import { CasLogout } from "./logout";
import { ManagerWeb } from "./manager";
import { ServiceTickets } from "./service-tickets";
import { type CasClient, CasSessions } from "./sessions";
import { TicketIds } from "./tickets";

const maxAgeMs = 8 * 60 * 60 * 1000;

/** The CAS server, put together. */
export class Cas {
  readonly login: CasLogin;
  readonly logout: CasLogout;
  readonly web: ManagerWeb;
  private readonly store: SessionStore<CasClient>;
  private readonly forms: LoginForms;
  private readonly tickets: ServiceTickets;

  constructor(settings: Settings, url: () => string) {
    const flavor = flavors[settings.casFlavor];
    const ids = new TicketIds();
    this.store = new SessionStore({ idleMs: settings.casIdleMs, maxAgeMs }, settings.clock);
    this.forms = new LoginForms(flavor, ids, settings.clock);
    this.tickets = new ServiceTickets(settings, ids);
    const sessions = new CasSessions(flavor, this.store, ids);
    this.login = new CasLogin(settings, flavor, sessions, this.forms, this.tickets);
    this.logout = new CasLogout(settings, flavor, sessions);
    this.web = new ManagerWeb(url, this.tickets, settings.clock);
  }

  count(): SessionCount {
    return this.store.count();
  }

  expireAll(): void {
    this.store.expireAll();
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
