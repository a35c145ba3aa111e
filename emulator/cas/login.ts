import { randomBytes } from "node:crypto";
import { type Call, cookieOf, formFields, html, type Reply } from "../http";
import { Lockout } from "../lockout";
import type { Settings } from "../settings";
import { expireCookie, type Flavor, setCookie } from "./flavors";
import type { Form, LoginForms, NoForm } from "./forms";
import { deadEnd, lockOf, stepOf, stepPage, throttling } from "./obstacles";
import { failurePage, type Hidden, lockedPage, loggedInPage, loginPage } from "./pages";
import type { Services } from "./services";
import type { CasSessions } from "./sessions";

const FAILURES_THAT_LOCK = 5;
const LOCK = 5 * 60 * 1000;

const messages = {
  denied: "The credentials you provided cannot be determined to be authentic.",
  incomplete: "Username and password are required.",
  captcha: "The verification code is incorrect.",
};

/** Why a login is refused. */
interface Problem {
  message: string;
  why: "denied" | "locked" | "incomplete";
}

interface FormOptions {
  status: number;
  service: string | undefined;
  message?: string;
  /** Whether a login begins here: then the session cookie is cleared, where the flavor does so. */
  clears?: boolean;
  /** Fields of a form that was not accepted. */
  stale?: URLSearchParams;
}

/** GET and POST of /cas/login. */
export class CasLogin {
  private readonly lockout: Lockout;

  constructor(
    private readonly settings: Settings,
    private readonly flavor: Flavor,
    private readonly sessions: CasSessions,
    private readonly forms: LoginForms,
    private readonly services: Services,
  ) {
    this.lockout = new Lockout(FAILURES_THAT_LOCK, LOCK, settings.clock);
  }

  /** The form, or what a live session gets in its place. */
  show(call: Call): Reply {
    const service = serviceOf(call);
    const refusal = this.services.refusal(service);
    if (refusal) return refusal;
    const id = this.sessions.live(call);
    if (id !== undefined && this.services.takesCookie(service)) return this.recognize(call, id, service);
    const isBelieved = this.flavor.believesAnyCookie && service === undefined;
    if (isBelieved && this.sessions.presented(call) !== undefined) return html(200, loggedInPage());
    return this.form(call, { status: 200, service, clears: id === undefined });
  }

  submit(call: Call): Reply {
    const { casLoginPage, casRetryAfter } = this.settings;
    const throttled = throttling(casLoginPage, casRetryAfter);
    if (throttled) return throttled;
    const fields = formFields(call);
    const form = this.forms.answered(fields, this.httpSession(call));
    if (typeof form === "string") return this.withoutForm(call, fields, form);
    if (form.cookies) return this.goOn(form, form.cookies);
    const problem = this.problemWith(fields.get("username") ?? "", fields.get("password") ?? "");
    return problem ? this.refuse(call, form, problem) : this.admit(call, form);
  }

  private recognize(call: Call, id: string, service: string | undefined): Reply {
    const denial = this.services.denial(service);
    if (denial) return denial;
    if (service !== undefined) this.sessions.touch(id);
    const next = { service, httpSession: this.httpSession(call) };
    return this.welcome(next, this.sessions.rotate(id));
  }

  /** A form that carries its own state fails when that can't be read; other servers only show the form again. */
  private withoutForm(call: Call, fields: URLSearchParams, why: NoForm): Reply {
    if (why === "unknown" && !this.flavor.loginTicket) return html(500, failurePage());
    const begins = why === "absent";
    const stale = begins ? fields : undefined;
    return this.form(call, { status: 200, service: serviceOf(call), clears: begins, stale });
  }

  private refuse(call: Call, { service }: Form, { message, why }: Problem): Reply {
    const { deniedStatus, showsLockOnForm } = this.flavor;
    if (why === "locked" && !showsLockOnForm) return html(deniedStatus, lockedPage(message));
    return this.form(call, { status: why === "incomplete" ? 200 : deniedStatus, service, message });
  }

  /** What the right password leads to. */
  private admit(call: Call, form: Form): Reply {
    const { casLoginPage } = this.settings;
    const stopped =
      this.services.refusal(form.service) ?? this.services.denial(form.service) ?? deadEnd(casLoginPage);
    if (stopped) return stopped;
    const step = stepOf(casLoginPage);
    if (step?.holdsBack !== "cookie") return this.welcome(form, this.open(call));
    // The session begins with the password, and its cookie waits for the answer to the page.
    const next = this.forms.issueNext(form, step.event, step.canPass ? this.open(call) : []);
    return html(200, stepPage(step, next.hidden));
  }

  private goOn(form: Form, cookies: readonly string[]): Reply {
    const step = stepOf(this.settings.casLoginPage);
    if (!step || step.canPass) return this.grant(form.service, cookies);
    return html(200, stepPage(step, this.forms.issueNext(form, step.event, []).hidden));
  }

  private open(call: Call): string[] {
    const { path, secure } = this.flavor.cookie;
    const cleared = this.flavor.clearedOnLogin.map((name) => expireCookie({ name, path, secure }));
    return [...cleared, this.sessions.open(call)];
  }

  /** What a session leads to. */
  private welcome(form: Pick<Form, "service" | "httpSession">, cookies: readonly string[]): Reply {
    const step = stepOf(this.settings.casLoginPage);
    if (form.service === undefined || step?.holdsBack !== "service ticket") {
      return this.grant(form.service, cookies);
    }
    return html(200, stepPage(step, this.forms.issueNext(form, step.event, []).hidden), cookies);
  }

  private grant(service: string | undefined, cookies: readonly string[]): Reply {
    if (service === undefined) return html(200, loggedInPage(), cookies);
    return { status: 302, headers: { Location: this.services.grant(service), "Set-Cookie": cookies } };
  }

  private problemWith(username: string, password: string): Problem | undefined {
    const { casLoginPage } = this.settings;
    if (username === "" || password === "") return { why: "incomplete", message: messages.incomplete };
    const lock = this.lockout.isLocked(username) ? lockOf("account-locked") : lockOf(casLoginPage);
    if (lock !== undefined) return { why: "locked", message: lock };
    const isRight = username === this.settings.username && password === this.settings.password;
    if (isRight && casLoginPage !== "captcha") {
      this.lockout.succeeded(username);
      return undefined;
    }
    if (this.flavor.locksUser) this.lockout.failed(username);
    return { why: "denied", message: casLoginPage === "captcha" ? messages.captcha : messages.denied };
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
    const hidden = [...form.hidden, ...this.echo(options.stale)];
    const captcha = this.settings.casLoginPage === "captcha";
    return html(options.status, loginPage({ action, hidden, message: options.message, captcha }), cookies);
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
