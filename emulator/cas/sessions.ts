import { randomBytes } from "node:crypto";
import { ExpiringStore, type SessionCount } from "../expiringStore";
import { type Call, cookieOf, header } from "../http";
import type { Settings } from "../options";
import { type Flavor, setCookie } from "./flavors";

const MAX_AGE_MS = 8 * 60 * 60 * 1000;
const SERVICE_TICKET_LIFE_MS = 10 * 1000;

/** Who logged in from where. */
interface Client {
  readonly userAgent: string;
  readonly address: string;
}

/** Makes ids as CAS does: kind, running number, random part, host. */
export class TicketIds {
  private last = 0;

  next(kind: "TGT" | "ST" | "LT"): string {
    this.last += 1;
    return `${kind}-${this.last}-${randomBytes(24).toString("hex")}-cas`;
  }
}

/** The single sign-on sessions, and which of them a request may use. */
export class CasSessions {
  private readonly store: ExpiringStore<Client>;
  private readonly everOpened = new Set<string>();

  constructor(
    settings: Settings,
    private readonly flavor: Flavor,
    private readonly ids: TicketIds,
  ) {
    this.store = new ExpiringStore(settings.clock, { idleMs: settings.casIdleMs, maxAgeMs: MAX_AGE_MS });
  }

  /** Opens a session and returns the Set-Cookie header for it. */
  open(call: Call): string {
    const id = this.ids.next("TGT");
    this.store.add(id, clientOf(call));
    this.everOpened.add(id);
    return setCookie(this.flavor.cookie, id);
  }

  presented(call: Pick<Call, "headers">): string | undefined {
    return cookieOf(call, this.flavor.cookie.name);
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
    return id !== undefined && this.everOpened.has(id) && this.store.find(id) === undefined;
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
}

function clientOf(call: Call): Client {
  return { userAgent: header(call, "user-agent"), address: call.remoteAddress };
}

/** Which services may use CAS, and the tickets that they are given. */
export class ServiceTickets {
  private readonly granted: ExpiringStore<string>;

  constructor(
    private readonly settings: Settings,
    private readonly ids: TicketIds,
  ) {
    this.granted = new ExpiringStore(settings.clock, { maxAgeMs: SERVICE_TICKET_LIFE_MS });
  }

  /** No service at all is fine: CAS then shows its own page. */
  isRegistered(service: string | undefined): boolean {
    if (service === undefined) return true;
    const { services } = this.settings;
    return services === "any"
      ? /^https?:/i.test(service) && URL.canParse(service)
      : services.includes(service);
  }

  /** The service's address with a ticket for it. */
  grant(service: string): string {
    const ticket = this.ids.next("ST");
    this.granted.add(ticket, service);
    // A Location header takes ASCII only; an address that is ASCII already stays as the client wrote it.
    const address = /^[\x21-\x7e]+$/.test(service) ? service : new URL(service).href;
    return `${address}${address.includes("?") ? "&" : "?"}ticket=${ticket}`;
  }

  /** Whether the ticket was granted for the service; it can't be asked twice. */
  redeem(ticket: string, service: string): boolean {
    return this.granted.take(ticket) === service;
  }

  clear(): void {
    this.granted.expireAll();
  }
}
