import { createHash, randomBytes } from "node:crypto";
import { ExpiringStore, MANY, type SessionCount } from "../expiringStore";
import { type Call, cookieOf, header } from "../http";
import type { Settings } from "../settings";
import { type Flavor, setCookie } from "./flavors";

const MAX_AGE = 8 * 60 * 60 * 1000;

/** Who logged in from where. */
interface Client {
  userAgent: string;
  address: string;
}

/** Makes ids as CAS does: kind, running number, random part, host. */
export class TicketIds {
  private last = 0;

  next(kind: "TGT" | "ST" | "LT"): string {
    this.last += 1;
    return `${kind}-${this.last}-${randomBytes(24).toString("hex")}-cas`;
  }
}

/** The value of the ticket-granting cookie, whether or not a session is behind it. */
export function presentedCookie(call: Pick<Call, "headers">, { cookie }: Flavor): string | undefined {
  return cookieOf(call, cookie.name);
}

/** The single sign-on sessions, and which of them a request may use. */
export class CasSessions {
  private readonly store: ExpiringStore<Client>;
  /** Ids that are or were good. */
  private readonly known: ExpiringStore<true>;

  constructor(
    private readonly settings: Settings,
    private readonly flavor: Flavor,
    private readonly ids: TicketIds,
  ) {
    this.store = new ExpiringStore(settings.clock, {
      idleTimeout: settings.casIdleTimeout,
      maxAge: MAX_AGE,
    });
    this.known = new ExpiringStore(settings.clock, { max: MANY });
  }

  /** Opens a session and returns the Set-Cookie header for it. */
  open(call: Call): string {
    const id = this.nextId();
    this.store.add(id, clientOf(call));
    return setCookie(this.flavor.cookie, id);
  }

  /** Gives a live session another cookie, where the server does so; the old one is dead from now on. */
  rotate(id: string): string[] {
    if (!this.settings.casCookieRotates) return [];
    const next = this.nextId();
    this.store.rename(id, next);
    return [setCookie(this.flavor.cookie, next)];
  }

  presented(call: Call): string | undefined {
    return presentedCookie(call, this.flavor);
  }

  /** The id of the live session that the request is in. A pinned one looks dead from elsewhere. */
  live(call: Call): string | undefined {
    const id = this.presented(call);
    const owner = id === undefined ? undefined : this.store.find(id);
    if (owner === undefined) return undefined;
    const client = clientOf(call);
    const isSame = client.userAgent === owner.userAgent && client.address === owner.address;
    return isSame || !this.flavor.pinned ? id : undefined;
  }

  /** Whether the request holds the cookie of a session that is over. */
  isOver(call: Call): boolean {
    const id = this.presented(call);
    return id !== undefined && this.known.find(id) === true && this.store.find(id) === undefined;
  }

  /** Only granting a ticket counts as use: looking at the login page does not keep a session alive. */
  touch(id: string): void {
    this.store.use(id);
  }

  end(id: string): void {
    this.store.take(id);
  }

  count(): SessionCount {
    return this.store.count();
  }

  expireAll(): void {
    this.store.expireAll();
  }

  /** What the cookie holds: the ticket as it is, or encrypted and signed as a JWT. */
  private nextId(): string {
    const ticket = this.ids.next("TGT");
    const id = this.flavor.encryptsCookie ? encrypted(ticket) : ticket;
    this.known.add(id, true);
    return id;
  }
}

/** Looks as CAS encrypts it; the server only has to know it again, so there is nothing to decrypt in it. */
function encrypted(ticket: string): string {
  const header = { alg: "HS512", typ: "JWT", kid: createHash("sha256").update(ticket).digest("hex") };
  const parts = [Buffer.from(JSON.stringify(header)), randomBytes(360), randomBytes(64)];
  return parts.map((part) => part.toString("base64url")).join(".");
}

function clientOf(call: Call): Client {
  return { userAgent: header(call, "user-agent"), address: call.remoteAddress };
}
