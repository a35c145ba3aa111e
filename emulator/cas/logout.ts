import { randomUUID } from "node:crypto";
import type { Call, Reply } from "../http";
import type { Settings } from "../options";
import { Tickets } from "../tickets";
import { expireCookie, type Flavor } from "./flavors";
import { confirmLogoutPage, failurePage, loggedOutPage } from "./pages";
import { formFields, html } from "./replies";
import type { CasSessions } from "./sessions";

const lifeMs = 5 * 60 * 1000;

/** GET and POST of /cas/logout. It says success whether or not a session ended. */
export class CasLogout {
  /** Confirm pages that are out, with the session that each would end. */
  private readonly confirmations: Tickets<{ id: string | undefined }>;

  constructor(
    private readonly settings: Settings,
    private readonly flavor: Flavor,
    private readonly sessions: CasSessions,
  ) {
    this.confirmations = new Tickets(lifeMs, settings.clock);
  }

  logOut(call: Call): Reply {
    const id = this.sessions.live(call);
    if (this.settings.confirmLogout && (id !== undefined || this.flavor.confirmsWithoutSession)) {
      const problem = this.unconfirmed(call, id);
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
    this.confirmations.clear();
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
  private unconfirmed(call: Call, id: string | undefined): Reply | undefined {
    const fields = formFields(call);
    const execution = fields.get("execution");
    if (execution === null) {
      return this.sessions.isOver(call) ? html(500, failurePage()) : this.askToConfirm(id);
    }
    const confirmed = this.confirmations.take(execution);
    const isSame = confirmed !== undefined && confirmed.id === id;
    return isSame && fields.get("_eventId") === "confirm" ? undefined : html(500, failurePage());
  }

  private askToConfirm(id: string | undefined): Reply {
    const execution = randomUUID();
    this.confirmations.issue(execution, { id });
    const page = confirmLogoutPage([
      ["LogoutRequestConfirmed", "true"],
      ["execution", execution],
      ["_eventId", "confirm"],
    ]);
    return html(200, page);
  }
}
