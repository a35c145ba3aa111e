import { randomBytes } from "node:crypto";
import type { Call, Reply } from "../http";
import { Lockout } from "../lockout";
import type { Settings } from "../options";
import { expireCookie, type Flavor, setCookie } from "./flavors";
import type { Form, LoginForms, NoForm } from "./forms";
import { failurePage, loggedInPage, loginPage, mustChangePage, unregisteredPage } from "./pages";
import { formFields, html, withTicket } from "./replies";
import type { ServiceTickets } from "./service-tickets";
import { type CasSessions, presentedCookie } from "./sessions";

const wrongPasswordsThatLock = 5;
const lockMs = 5 * 60 * 1000;

const messages = {
  denied: "The credentials you provided cannot be determined to be authentic.",
  locked: "The user is locked. Try again later.",
  incomplete: "Username and password are required.",
};

/** GET and POST of /cas/login. */
export class CasLogin {
  private readonly lockout: Lockout;

  constructor(
    private readonly settings: Settings,
    private readonly flavor: Flavor,
    private readonly sessions: CasSessions,
    private readonly forms: LoginForms,
    private readonly tickets: ServiceTickets,
  ) {
    this.lockout = new Lockout(wrongPasswordsThatLock, lockMs, settings.clock);
  }

  /** The form, or what a live session gets in its place. */
  show(call: Call): Reply {
    const service = call.query.get("service") || undefined;
    if (!this.tickets.isRegistered(service)) {
      return html(this.flavor.unregisteredStatus, unregisteredPage());
    }
    const id = this.sessions.live(call);
    if (id !== undefined) {
      this.touchFor(service, id);
      return this.welcome(service, []);
    }
    const isBelieved = this.settings.probeWithoutServiceLies && service === undefined;
    if (isBelieved && this.sessions.presented(call) !== undefined) {
      return html(200, loggedInPage());
    }
    return this.form(call, { status: 200, service, clears: true });
  }

  submit(call: Call): Reply {
    const fields = formFields(call);
    const form = this.forms.answered(fields, this.httpSession(call));
    if (typeof form === "string") {
      return this.withoutForm(call, fields, form);
    }
    const problem = this.problemWith(fields.get("username") ?? "", fields.get("password") ?? "");
    if (problem !== undefined) {
      const status = problem === messages.incomplete ? 200 : this.flavor.deniedStatus;
      return this.form(call, { status, service: form.service, message: problem });
    }
    return this.settings.mustChangePassword ? html(200, mustChangePage()) : this.admit(call, form);
  }

  /** A form that carries its own state fails when that can't be read; other servers only show the form again. */
  private withoutForm(call: Call, fields: URLSearchParams, why: NoForm): Reply {
    if (why === "unknown" && !this.flavor.loginTicket) {
      return html(500, failurePage());
    }
    const service = call.query.get("service") || undefined;
    const begins = why === "absent";
    return this.form(call, { status: 200, service, clears: begins, stale: begins ? fields : undefined });
  }

  private admit(call: Call, form: Form): Reply {
    if (!this.tickets.isRegistered(form.service)) {
      return html(this.flavor.unregisteredStatus, unregisteredPage());
    }
    const { path, secure } = this.flavor.cookie;
    const cleared = this.flavor.clearedOnLogin.map((name) => expireCookie({ name, path, secure }));
    return this.welcome(form.service, [...cleared, this.sessions.open(call)]);
  }

  private welcome(service: string | undefined, cookies: readonly string[]): Reply {
    if (service === undefined) {
      return html(200, loggedInPage(), cookies);
    }
    const location = withTicket(service, this.tickets.grant(service));
    return { status: 302, headers: { Location: location, "Set-Cookie": cookies } };
  }

  private touchFor(service: string | undefined, id: string): void {
    if (service !== undefined) {
      this.sessions.touch(id);
    }
  }

  private problemWith(username: string, password: string): string | undefined {
    if (username === "" || password === "") {
      return messages.incomplete;
    }
    if (this.lockout.isLocked(username)) {
      return messages.locked;
    }
    if (username === this.settings.username && password === this.settings.password) {
      this.lockout.succeeded(username);
      return undefined;
    }
    if (this.flavor.locksUser) {
      this.lockout.failed(username);
    }
    return messages.denied;
  }

  private form(call: Call, options: FormOptions): Reply {
    const { name, path, httpOnly, secure } = { ...this.flavor.cookie, httpOnly: true };
    const presented = this.httpSession(call);
    const fresh = this.flavor.formCookie ? randomBytes(16).toString("hex").toUpperCase() : undefined;
    const httpSession = presented ?? fresh;
    const form = this.forms.issue(options.service, httpSession);
    const cookies =
      this.flavor.clearsOnForm && options.clears ? [expireCookie({ name, path, httpOnly, secure })] : [];
    if (this.flavor.formCookie && presented === undefined && fresh !== undefined) {
      cookies.push(setCookie({ name: this.flavor.formCookie, path, httpOnly, secure }, fresh));
    }
    // Until the browser has shown that it keeps cookies, the action carries the session as well.
    const suffix = presented === undefined && fresh !== undefined ? `;jsessionid=${fresh}` : "";
    const action = `/cas/login${suffix}${call.rawQuery === "" ? "" : `?${call.rawQuery}`}`;
    const hidden = [...form.hidden, ...this.echo(options.stale)];
    return html(options.status, loginPage(action, hidden, options.message), cookies);
  }

  private echo(stale: URLSearchParams | undefined): (readonly [string, string])[] {
    const names = this.flavor.echoesStaleFields ? ["username", "password"] : [];
    return names.flatMap((name) => {
      const value = stale?.get(name);
      return value ? [[name, value] as const] : [];
    });
  }

  private httpSession(call: Call): string | undefined {
    const { formCookie } = this.flavor;
    if (formCookie === undefined) {
      return undefined;
    }
    return presentedCookie(call, formCookie) ?? /;jsessionid=([0-9A-F]+)/.exec(call.path)?.[1];
  }
}

interface FormOptions {
  readonly status: number;
  readonly service: string | undefined;
  readonly message?: string;
  /** Whether a log-in begins here: then the session cookie is cleared, where the flavour does so. */
  readonly clears?: boolean;
  /** Fields of a form that was not accepted. */
  readonly stale?: URLSearchParams;
}
