import { randomUUID } from "node:crypto";
import type { Call, Reply } from "../http";
import type { Settings } from "../options";
import { Tickets } from "../tickets";
import { expireCookie, type Flavor } from "./flavors";
import { confirmLogoutPage, failurePage, loggedOutPage } from "./pages";
import { formFields, html } from "./replies";
import type { CasSessions } from "./sessions";

const lifeMs = 5 * 60 * 1000;
const CONFIRMED = "LogoutRequestConfirmed";
const EVENT = "success";

/** GET and POST of /cas/logout. It says success whether or not a session ended. */
export class CasLogout {
  /** Confirm pages that are out. They belong to no session, and may be posted again. */
  private readonly pages: Tickets<true>;

  constructor(
    private readonly settings: Settings,
    private readonly flavor: Flavor,
    private readonly sessions: CasSessions,
  ) {
    this.pages = new Tickets(lifeMs, settings.clock);
  }

  logOut(call: Call): Reply {
    const id = this.sessions.live(call);
    if (this.settings.confirmLogout && (id !== undefined || this.flavor.confirmsWithoutSession)) {
      const problem = this.unconfirmed(call);
      if (problem) {
        return problem;
      }
    }
    if (id !== undefined) {
      this.sessions.end(id);
    }
    return this.farewell(call);
  }

  clear(): void {
    this.pages.clear();
  }

  private farewell(call: Call): Reply {
    const type = call.headers["content-type"] ?? "";
    const isJson = /^application\/json\b/i.test(type) && call.body.length > 0;
    // Jasig 3.5 ends the session first, and then fails over a JSON body.
    if (this.settings.probeWithoutServiceLies && isJson) {
      return html(500, failurePage());
    }
    const { cookie, clearedOnLogout } = this.flavor;
    const others = clearedOnLogout.map((name) => expireCookie({ ...cookie, name }));
    return html(200, loggedOutPage(), [expireCookie(cookie), ...others]);
  }

  /** What a log-out gets that is not confirmed: the page that asks, or a failure of the server's own. */
  private unconfirmed(call: Call): Reply | undefined {
    const fields = formFields(call);
    const execution = fields.get("execution");
    if (execution === null) {
      if (fields.has(CONFIRMED)) {
        return undefined;
      }
      return this.sessions.isOver(call) ? html(500, failurePage()) : this.askToConfirm();
    }
    if (!this.pages.find(execution)) {
      return html(500, failurePage());
    }
    const event = fields.get("_eventId");
    if (event === null) {
      return this.askToConfirm();
    }
    return event === EVENT ? undefined : html(500, failurePage());
  }

  private askToConfirm(): Reply {
    const execution = randomUUID();
    this.pages.issue(execution, true);
    const page = confirmLogoutPage([
      [CONFIRMED, "true"],
      ["execution", execution],
      ["_eventId", EVENT],
    ]);
    return html(200, page);
  }
}
