import { randomBytes, randomUUID } from "node:crypto";
import { OneUseTickets } from "../tickets";
import type { Flavor } from "./flavors";
import type { Hidden } from "./pages";
import type { TicketIds } from "./tickets";

/** What the server keeps of a form that it sent out. */
export interface Form {
  readonly service: string | undefined;
  readonly hidden: readonly Hidden[];
  /** The HTTP session it was sent in, where the flavour has one. */
  readonly httpSession: string | undefined;
}

const lifeMs = 5 * 60 * 1000;

/** The log-in forms that are out. Each is good for one try. */
export class LoginForms {
  private readonly forms: OneUseTickets<Form>;
  private executions = 0;

  constructor(
    private readonly flavor: Flavor,
    private readonly ids: TicketIds,
    now: () => number,
  ) {
    this.forms = new OneUseTickets(lifeMs, now);
  }

  issue(service: string | undefined, httpSession: string | undefined): Form {
    const execution = this.nextExecution();
    const hidden: Hidden[] = this.flavor.loginTicket
      ? [
          ["lt", this.ids.next("LT")],
          ["execution", execution],
          ["_eventId", "submit"],
        ]
      : [
          ["execution", execution],
          ["_eventId", "submit"],
          ["geolocation", ""],
        ];
    const form = { service, hidden, httpSession };
    this.forms.issue(execution, form);
    return form;
  }

  /** The form that these fields answer, if it is out, whole and from the same HTTP session. */
  take(fields: URLSearchParams, httpSession: string | undefined): Form | undefined {
    const form = this.forms.take(fields.get("execution") ?? "");
    if (!form || form.httpSession !== httpSession) {
      return undefined;
    }
    // geolocation is filled in by the browser; the others must come back as they were sent.
    const isWhole = form.hidden.every(([name, value]) =>
      name === "geolocation" ? fields.has(name) : fields.get(name) === value,
    );
    return isWhole ? form : undefined;
  }

  clear(): void {
    this.forms.clear();
  }

  private nextExecution(): string {
    if (this.flavor.loginTicket) {
      this.executions += 1;
      return `e${this.executions}s1`;
    }
    return `${randomUUID()}_${randomBytes(192).toString("base64")}`;
  }
}
