import type { Settings } from "../options";
import { Tickets } from "../tickets";
import type { TicketIds } from "./tickets";

const lifeMs = 10 * 1000;

/** Which services may use CAS, and the tickets that they are given. */
export class ServiceTickets {
  private readonly granted: Tickets<string>;

  constructor(
    private readonly settings: Settings,
    private readonly ids: TicketIds,
  ) {
    this.granted = new Tickets(lifeMs, settings.clock);
  }

  /** No service at all is fine: CAS then shows its own page. */
  isRegistered(service: string | undefined): boolean {
    if (service === undefined) {
      return true;
    }
    const { services } = this.settings;
    return services === "any"
      ? /^https?:/i.test(service) && URL.canParse(service)
      : services.includes(service);
  }

  grant(service: string): string {
    const ticket = this.ids.next("ST");
    this.granted.issue(ticket, service);
    return ticket;
  }

  /** Whether the ticket was granted for the service; it can't be asked twice. */
  redeem(ticket: string, service: string): boolean {
    return this.granted.take(ticket) === service;
  }

  clear(): void {
    this.granted.clear();
  }
}
