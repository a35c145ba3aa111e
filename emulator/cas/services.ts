import { ExpiringStore, MANY } from "../expiringStore";
import { html, type Reply } from "../http";
import type { Settings } from "../settings";
import type { Flavor } from "./flavors";
import { deniedPage, unregisteredPage } from "./pages";
import type { TicketIds } from "./sessions";

const TICKET_LIFE = 10 * 1000;

/** Which services may use CAS, and the tickets that they are given. */
export class Services {
  private readonly granted: ExpiringStore<string>;

  constructor(
    private readonly settings: Settings,
    private readonly flavor: Flavor,
    private readonly ids: TicketIds,
  ) {
    this.granted = new ExpiringStore(settings.clock, { maxAge: TICKET_LIFE, max: MANY });
  }

  /** What a service gets that may not use CAS, whoever asks. */
  refusal(service: string | undefined): Reply | undefined {
    const { casService } = this.settings;
    if (casService === (service === undefined ? "required" : "unregistered")) {
      return html(200, unregisteredPage());
    }
    return this.isRegistered(service) ? undefined : html(this.flavor.unregisteredStatus, unregisteredPage());
  }

  /** What a user gets who is known, but lacks what the service requires. */
  denial(service: string | undefined): Reply | undefined {
    const isDenied = this.settings.casService === "denied" && service !== undefined;
    return isDenied ? html(401, deniedPage()) : undefined;
  }

  /** Whether the session's cookie stands for the password. */
  takesCookie(service: string | undefined): boolean {
    return service === undefined || this.settings.casService !== "no-sso";
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

  /** No service at all is fine: CAS then shows its own page. */
  private isRegistered(service: string | undefined): boolean {
    if (service === undefined) return true;
    const { services } = this.settings;
    return services === "any"
      ? /^https?:/i.test(service) && URL.canParse(service)
      : services.includes(service);
  }
}
