import { randomUUID } from "node:crypto";
import type { Call, Reply } from "../http";
import type { Settings } from "../options";
import { OneUseTickets } from "../tickets";
import { expireCookie, type Flavor } from "./flavors";
import { confirmLogoutPage, failurePage, loggedOutPage } from "./pages";
import { formFields, html } from "./replies";
import type { CasSessions } from "./sessions";

const lifeMs = 5 * 60 * 1000;

/** GET and POST of /cas/logout. It says success whether or not a session ended. */
export class CasLogout {
  /** Confirm pages that are out, with the session that each would end. */
  private readonly confirmations: OneUseTickets<string>;

  constructor(
    private readonly settings: Settings,
    private readonly flavor: Flavor,
    private readonly sessions: CasSessions,
  ) {
    this.confirmations = new OneUseTickets(lifeMs, settings.clock);
  }

  logOut(call: Call): Reply {
    const id = this.sessions.live(call);
    if (id !== undefined) {
      if (this.settings.confirmLogout && !this.isConfirmed(call, id)) {
        return this.askToConfirm(id);
      }
      this.sessions.end(id);
    }
    return this.farewell(call);
  }

  clear(): void {
    this.confirmations.clear();
  }

  private farewell(call: Call): Reply {
    const type = call.headers["content-type"] ?? "";
    const isJson = /^application\/json\b/i.test(type) && call.body.length > 0;
    // Jasig 3.5 ends the session first, and then fails over a JSON body.
    if (this.settings.probeWithoutServiceLies && isJson) {
      return html(500, failurePage());
    }
    return html(200, loggedOutPage(), [expireCookie(this.flavor.cookie)]);
  }

  private isConfirmed(call: Call, id: string): boolean {
    const fields = formFields(call);
    return (
      this.confirmations.take(fields.get("execution") ?? "") === id && fields.get("_eventId") === "confirm"
    );
  }

  private askToConfirm(id: string): Reply {
    const execution = randomUUID();
    this.confirmations.issue(execution, id);
    const page = confirmLogoutPage([
      ["execution", execution],
      ["_eventId", "confirm"],
    ]);
    return html(200, page);
  }
}
