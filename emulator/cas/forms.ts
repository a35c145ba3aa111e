import { randomBytes, randomUUID } from "node:crypto";
import { Tickets } from "../tickets";
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

/**
 * Why fields answer no form: they name none, one that is not out, or one whose fields did not all come back.
 */
export type NoForm = "absent" | "unknown" | "incomplete";

/** The log-in forms that are out. */
export class LoginForms {
  private readonly forms: Tickets<Form>;
  private executions = 0;

  constructor(
    private readonly flavor: Flavor,
    private readonly ids: TicketIds,
    now: () => number,
  ) {
    this.forms = new Tickets(lifeMs, now);
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
  answered(fields: URLSearchParams, httpSession: string | undefined): Form | NoForm {
    const execution = fields.get("execution");
    if (execution === null) {
      return "absent";
    }
    const form = this.flavor.loginTicket ? this.forms.take(execution) : this.forms.find(execution);
    if (!form || form.httpSession !== httpSession) {
      return "unknown";
    }
    // geolocation is filled in by the browser; the others must come back as they were sent.
    const isWhole = form.hidden.every(
      ([name, value]) => name === "geolocation" || fields.get(name) === value,
    );
    return isWhole ? form : "incomplete";
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
