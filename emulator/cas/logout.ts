import { randomUUID } from "node:crypto";
import { ExpiringStore, MANY } from "../expiringStore";
import { type Call, formFields, hasMediaType, html, type Reply } from "../http";
import type { Settings } from "../settings";
import { expireCookie, type Flavor } from "./flavors";
import { confirmLogoutPage, failurePage, loggedOutPage } from "./pages";
import type { CasSessions } from "./sessions";

const LIFE = 5 * 60 * 1000;
const CONFIRMED = "LogoutRequestConfirmed";
const EVENT = "success";

/** GET and POST of /cas/logout. It says success whether or not a session ended. */
export class CasLogout {
  /** Confirm pages that are out. They belong to no session, and may be posted again. */
  private readonly pages: ExpiringStore<true>;

  constructor(
    private readonly settings: Settings,
    private readonly flavor: Flavor,
    private readonly sessions: CasSessions,
  ) {
    this.pages = new ExpiringStore(settings.clock, { maxAge: LIFE, max: MANY });
  }

  logOut(call: Call): Reply {
    const id = this.sessions.live(call);
    if (this.settings.confirmLogout && (id !== undefined || this.flavor.confirmsWithoutSession)) {
      const problem = this.unconfirmed(call);
      if (problem) return problem;
    }
    if (id !== undefined) this.sessions.end(id);
    return this.farewell(call);
  }

  clear(): void {
    this.pages.expireAll();
  }

  private farewell(call: Call): Reply {
    const isJson = hasMediaType(call, "application/json") && call.body.length > 0;
    if (this.flavor.failsOnJsonLogout && isJson) return html(500, failurePage());
    const { cookie, clearedOnLogout } = this.flavor;
    const others = clearedOnLogout.map((name) => expireCookie({ ...cookie, name }));
    return html(200, loggedOutPage(), [expireCookie(cookie), ...others]);
  }

  /** What a logout gets that is not confirmed: the page that asks, or a failure of the server's own. */
  private unconfirmed(call: Call): Reply | undefined {
    const fields = formFields(call);
    const execution = fields.get("execution");
    if (execution === null) {
      if (fields.has(CONFIRMED)) return undefined;
      return this.sessions.isOver(call) ? html(500, failurePage()) : this.askToConfirm();
    }
    if (!this.pages.find(execution)) return html(500, failurePage());
    const event = fields.get("_eventId");
    if (event === null) return this.askToConfirm();
    return event === EVENT ? undefined : html(500, failurePage());
  }

  private askToConfirm(): Reply {
    const execution = randomUUID();
    this.pages.add(execution, true);
    const page = confirmLogoutPage([
      [CONFIRMED, "true"],
      ["execution", execution],
      ["_eventId", EVENT],
    ]);
    return html(200, page);
  }
}
