import { randomBytes, randomUUID } from "node:crypto";
import { ExpiringStore, MANY } from "../expiringStore";
import type { Flavor } from "./flavors";
import type { Hidden } from "./pages";
import type { TicketIds } from "./sessions";

/** What the server keeps of a form that it sent out. */
export interface Form {
  service: string | undefined;
  hidden: readonly Hidden[];
  /** The HTTP session it was sent in, where the flavor has one. */
  httpSession: string | undefined;
  /** The cookies of the session that an answer leads to; there are none yet where it asks for the password. */
  cookies?: readonly string[];
}

const LIFE = 5 * 60 * 1000;

/** Why fields answer no form: they name none, one that is not out, or one whose fields did not all come back. */
export type NoForm = "absent" | "unknown" | "incomplete";

/** The forms of logins that are out. */
export class LoginForms {
  private readonly forms: ExpiringStore<Form>;
  private executions = 0;

  constructor(
    private readonly flavor: Flavor,
    private readonly ids: TicketIds,
    now: () => number,
  ) {
    this.forms = new ExpiringStore(now, { maxAge: LIFE, max: MANY });
  }

  issue(service: string | undefined, httpSession: string | undefined): Form {
    const state = this.nextState("submit");
    const hidden: Hidden[] = this.flavor.loginTicket
      ? [["lt", this.ids.next("LT")], ...state]
      : [...state, ["geolocation", ""]];
    return this.add({ service, hidden, httpSession });
  }

  /** A form that goes on from the one that asked for the password. */
  issueNext(
    { service, httpSession }: Pick<Form, "service" | "httpSession">,
    event: string,
    cookies: readonly string[],
  ): Form {
    return this.add({ service, hidden: this.nextState(event), httpSession, cookies });
  }

  /** The form that these fields answer, if it is out, whole and from the same HTTP session. */
  answered(fields: URLSearchParams, httpSession: string | undefined): Form | NoForm {
    const execution = fields.get("execution");
    if (execution === null) return "absent";
    const form = this.flavor.loginTicket ? this.forms.take(execution) : this.forms.find(execution);
    if (!form || form.httpSession !== httpSession) return "unknown";
    // geolocation is filled in by the browser; the others must come back as they were sent.
    const isWhole = form.hidden.every(
      ([name, value]) => name === "geolocation" || fields.get(name) === value,
    );
    return isWhole ? form : "incomplete";
  }

  clear(): void {
    this.forms.expireAll();
  }

  private nextState(event: string): Hidden[] {
    return [
      ["execution", this.nextExecution()],
      ["_eventId", event],
    ];
  }

  private add(form: Form): Form {
    const [, execution = ""] = form.hidden.find(([name]) => name === "execution") ?? [];
    this.forms.add(execution, form);
    return form;
  }

  private nextExecution(): string {
    if (!this.flavor.loginTicket) return `${randomUUID()}_${randomBytes(192).toString("base64")}`;
    this.executions += 1;
    return `e${this.executions}s1`;
  }
}
