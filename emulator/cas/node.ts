import type { SessionCount } from "../expiringStore";
import type { Settings } from "../settings";
import type { Flavor } from "./flavors";
import { LoginForms } from "./forms";
import { CasLogin } from "./login";
import { CasLogout } from "./logout";
import type { Services } from "./services";
import { CasSessions, type TicketIds } from "./sessions";

/** One process of a CAS server: it knows the sessions and the pages that it gave out itself. */
export class CasNode {
  readonly login: CasLogin;
  readonly logout: CasLogout;
  private readonly sessions: CasSessions;
  private readonly forms: LoginForms;

  constructor(settings: Settings, flavor: Flavor, services: Services, ids: TicketIds) {
    this.sessions = new CasSessions(settings, flavor, ids);
    this.forms = new LoginForms(flavor, ids, settings.clock);
    this.login = new CasLogin(settings, flavor, this.sessions, this.forms, services);
    this.logout = new CasLogout(settings, flavor, this.sessions);
  }

  count(): SessionCount {
    return this.sessions.count();
  }

  expireAll(): void {
    this.sessions.expireAll();
    this.forgetPages();
  }

  forgetPages(): void {
    this.forms.clear();
    this.logout.clear();
  }
}
