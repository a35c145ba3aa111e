import { randomBytes } from "node:crypto";
import { type Call, cookieOf, formFields, html, type Reply } from "../http";
import { Lockout } from "../lockout";
import type { Settings } from "../options";
import { expireCookie, type Flavor, setCookie } from "./flavors";
import type { Form, LoginForms, NoForm } from "./forms";
import { failurePage, type Hidden, loggedInPage, loginPage, mustChangePage, unregisteredPage } from "./pages";
import type { CasSessions, ServiceTickets } from "./sessions";

const FAILURES_THAT_LOCK = 5;
const LOCK_MS = 5 * 60 * 1000;

const messages = {
  denied: "The credentials you provided cannot be determined to be authentic.",
  locked: "The user is locked. Try again later.",
  incomplete: "Username and password are required.",
};

interface FormOptions {
  readonly status: number;
  readonly service: string | undefined;
  readonly message?: string;
  /** Whether a login begins here: then the session cookie is cleared, where the flavor does so. */
  readonly clears?: boolean;
  /** Fields of a form that was not accepted. */
  readonly stale?: URLSearchParams;
}

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
    this.lockout = new Lockout(FAILURES_THAT_LOCK, LOCK_MS, settings.clock);
  }

  /** The form, or what a live session gets in its place. */
  show(call: Call): Reply {
    const service = serviceOf(call);
    if (!this.tickets.isRegistered(service)) return html(this.flavor.unregisteredStatus, unregisteredPage());
    const id = this.sessions.live(call);
    if (id !== undefined) {
      if (service !== undefined) this.sessions.touch(id);
      return this.welcome(service, []);
    }
    const isBelieved = this.flavor.believesAnyCookie && service === undefined;
    if (isBelieved && this.sessions.presented(call) !== undefined) return html(200, loggedInPage());
    return this.form(call, { status: 200, service, clears: true });
  }

  submit(call: Call): Reply {
    const fields = formFields(call);
    const form = this.forms.answered(fields, this.httpSession(call));
    if (typeof form === "string") return this.withoutForm(call, fields, form);
    const problem = this.problemWith(fields.get("username") ?? "", fields.get("password") ?? "");
    if (problem !== undefined) {
      const status = problem === messages.incomplete ? 200 : this.flavor.deniedStatus;
      return this.form(call, { status, service: form.service, message: problem });
    }
    return this.settings.mustChangePassword ? html(200, mustChangePage()) : this.admit(call, form);
  }

  /** A form that carries its own state fails when that can't be read; other servers only show the form again. */
  private withoutForm(call: Call, fields: URLSearchParams, why: NoForm): Reply {
    if (why === "unknown" && !this.flavor.loginTicket) return html(500, failurePage());
    const begins = why === "absent";
    const stale = begins ? fields : undefined;
    return this.form(call, { status: 200, service: serviceOf(call), clears: begins, stale });
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
    if (service === undefined) return html(200, loggedInPage(), cookies);
    return { status: 302, headers: { Location: this.tickets.grant(service), "Set-Cookie": cookies } };
  }

  private problemWith(username: string, password: string): string | undefined {
    if (username === "" || password === "") return messages.incomplete;
    if (this.lockout.isLocked(username)) return messages.locked;
    if (username === this.settings.username && password === this.settings.password) {
      this.lockout.succeeded(username);
      return undefined;
    }
    if (this.flavor.locksUser) this.lockout.failed(username);
    return messages.denied;
  }

  private form(call: Call, options: FormOptions): Reply {
    const { name, path, secure } = this.flavor.cookie;
    const attributes = { path, secure, httpOnly: true };
    const presented = this.httpSession(call);
    const fresh = this.flavor.formCookie && presented === undefined ? randomHttpSession() : undefined;
    const form = this.forms.issue(options.service, presented ?? fresh);
    const cookies = this.flavor.clearsOnForm && options.clears ? [expireCookie({ ...attributes, name })] : [];
    if (this.flavor.formCookie && fresh) {
      cookies.push(setCookie({ ...attributes, name: this.flavor.formCookie }, fresh));
    }
    // Until the browser has shown that it keeps cookies, the action carries the session as well.
    const session = fresh ? `;jsessionid=${fresh}` : "";
    const action = `/cas/login${session}${call.rawQuery === "" ? "" : `?${call.rawQuery}`}`;
    const page = loginPage(action, [...form.hidden, ...this.echo(options.stale)], options.message);
    return html(options.status, page, cookies);
  }

  private echo(stale: URLSearchParams | undefined): Hidden[] {
    const names = this.flavor.echoesStaleFields ? ["username", "password"] : [];
    return names.map((name): Hidden => [name, stale?.get(name) ?? ""]).filter(([, value]) => value !== "");
  }

  private httpSession(call: Call): string | undefined {
    const { formCookie } = this.flavor;
    return formCookie === undefined ? undefined : (cookieOf(call, formCookie) ?? call.params.httpSession);
  }
}

function serviceOf(call: Call): string | undefined {
  return call.query.get("service") || undefined;
}

function randomHttpSession(): string {
  return randomBytes(16).toString("hex").toUpperCase();
}
