import { randomBytes } from "node:crypto";
import { complete, isTransient } from "../http/answers";
import { cookiesIn, isFromOtherNode, nameOf, type Successors } from "./cookies";
import { casError } from "./errors";
import { loginForm, readPage } from "./pages";
import { type CasRequests, grantsTicket, type Probe } from "./requests";

/** What identifies an open session. */
export interface CasKey {
  /** `NAME=VALUE` */
  ticketGrantingCookie: string;
  /** The other cookies of the login: a balancer may lead to the node that knows the session by one of them. */
  cookies?: string;
  /** Whether a probe told this session from a made-up one when it was opened; absent where none was answered. */
  probeIsReliable?: boolean;
  /** The server gives the session another cookie whenever it is asked for it, so that only verbs that can keep it ask. */
  cookieRotates?: true;
}

/** Whose cookie a request carries. */
type Visitor = "session" | "made-up" | "nobody";

/** What a page says to a visitor. */
type View = "ticket" | "login form" | "login form of another node" | "page" | "page with a form" | "other";

/** How often a server has to look as if it showed one page to any cookie, until that counts. */
const SAME_ROUNDS = 3;

/** Asks a CAS what it shows to a session, and to others. */
export class Prober {
  constructor(
    private readonly requests: CasRequests,
    private readonly successors: Successors,
  ) {}

  /** Whether a session is alive. It is dead where it is so by each cookie that the server may know it by. */
  async probe(key: CasKey): Promise<Probe> {
    for (const ticketGrantingCookie of this.successors.versionsOf(key.ticketGrantingCookie)) {
      const found = await this.probeBy({ ...key, ticketGrantingCookie });
      if (found !== "dead") return found;
    }
    return "dead";
  }

  /**
   * The same by one cookie. The evidence for `dead` is the CAS's own login form. The evidence for `alive` is a service
   * ticket, or a page that a made-up cookie does not get.
   */
  async probeBy(key: CasKey): Promise<Probe> {
    for (let round = 1; ; round++) {
      const found = await this.probeOnce(key);
      if (found !== "sameForAnyCookie" || round === SAME_ROUNDS) return found;
    }
  }

  /** Whether a cookie is what identifies a session: only with it, the server does not show its login form. */
  async identifies(key: CasKey): Promise<boolean> {
    for (const service of new Set([this.requests.server.service, undefined])) {
      const seen = await this.view(key, "session", service);
      const isIn = seen === "ticket" || seen === "page" || seen === "page with a form";
      if (isIn && (await this.view(key, "made-up", service)) === "login form") return true;
    }
    return false;
  }

  private async probeOnce(key: CasKey): Promise<Probe> {
    const { service } = this.requests.server;
    const found = await this.compare(key, service);
    // Once the service has got a ticket, the login form for it is evidence.
    if (!service || found === "alive" || (found === "dead" && key.probeIsReliable)) return found;
    // Without it, in case that it is not registered, or asks for the password each time.
    const without = await this.compare(key, undefined);
    if (found !== "dead") return without === "unknown" ? found : without;
    if (without === "alive") return "aliveButNotForService";
    return without === "sameForAnyCookie" ? "dead" : without;
  }

  private async compare(key: CasKey, service: string | undefined): Promise<Probe> {
    const seen = await this.view(key, "session", service);
    if (seen === "ticket") return "alive";
    if (seen === "login form") return "dead";
    if (seen === "login form of another node") return "otherNode";
    if (seen === "other") return "unknown";
    const other = await this.view(key, "made-up", service);
    if (other === "login form") return "alive";
    if (service || seen !== "page" || other !== "page") return "unknown";
    return (await this.view(key, "nobody", service)) === "login form" ? "sameForAnyCookie" : "unknown";
  }

  /** What the server shows to a visitor. The ticket itself is thrown away: it is a key to the service. */
  private async view(key: CasKey, visitor: Visitor, service: string | undefined): Promise<View> {
    const cookie = cookieOf(key, visitor);
    const response = await this.requests.send("GET", "/login", { cookie, service });
    // The cookie is in the headers, which hold also where the body breaks off.
    if (visitor === "session") this.successors.note(key.ticketGrantingCookie, response);
    if (isTransient(complete(response))) throw casError(response);
    if (grantsTicket(response, service)) return "ticket";
    if (response.status !== 200) return "other";
    const page = readPage(response.body);
    if (loginForm(page, this.requests.server.casUrl)) {
      if (isFromOtherNode(key.cookies, response)) return "login form of another node";
      // A server that sets the session's cookie says that there is a session, whatever it shows.
      const name = nameOf(key.ticketGrantingCookie);
      return cookiesIn(response).some((set) => nameOf(set) === name) ? "other" : "login form";
    }
    if (page.forms.some((form) => form.asksForPassword)) return "other";
    return page.forms.length > 0 ? "page with a form" : "page";
  }
}

function cookieOf(key: CasKey, visitor: Visitor): string | undefined {
  if (visitor === "session") return cookieHeader(key);
  if (visitor === "nobody") return key.cookies;
  const madeUp = `${nameOf(key.ticketGrantingCookie)}=TGT-0-${randomBytes(24).toString("hex")}`;
  return cookieHeader({ ...key, ticketGrantingCookie: madeUp });
}

export function cookieHeader({ ticketGrantingCookie, cookies }: CasKey): string {
  return cookies ? `${cookies}; ${ticketGrantingCookie}` : ticketGrantingCookie;
}
