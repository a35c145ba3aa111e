import { ifTransient } from "../deadline";
import { RequestError } from "../errors";
import { complete } from "../http/answers";
import type { HttpResponse } from "../http/messages";
import { cookiesIn, isCookie, isHttpSession, isTicketGranting, nameOf } from "./cookies";
import {
  formError,
  loginError,
  lostSessionError,
  serviceError,
  titled,
  unknownFieldError,
  unusableCookieError,
} from "./errors";
import { type Form, loginForm, passingForm, readPage, unknownFields } from "./pages";
import type { CasKey, Prober } from "./probe";
import { type CasRequests, grantsTicket } from "./requests";

/** One login. Only a cookie tells a success: its page may be a 200 either way. */
export class Login {
  private readonly answers: HttpResponse[] = [];

  constructor(
    private readonly requests: CasRequests,
    private readonly prober: Prober,
  ) {}

  /** Logs in with a fresh form, and takes the password when it is about to be sent. */
  async run(username: string, takePassword: () => string): Promise<CasKey> {
    const form = await this.freshForm();
    this.requests.deadline.requireTimeForLogin();
    const password = takePassword();
    const fields = { _eventId: "submit", submit: "Login", ...form.hidden, username, password };
    const ticketGrantingCookie = await this.cookieAfter(await this.submit(fields));
    const others = cookiesIn(...this.answers).filter(
      (cookie) => nameOf(cookie) !== nameOf(ticketGrantingCookie) && isCookie(cookie),
    );
    return { ticketGrantingCookie, cookies: others.join("; ") || undefined };
  }

  private async freshForm(): Promise<Form> {
    const { service } = this.requests.server;
    const response = this.keep(complete(await this.requests.send("GET", "/login", { service })));
    const form = this.loginFormIn(response);
    if (!form) {
      const isRefused = service !== undefined && (await this.hasFormWithoutService(response));
      throw isRefused ? serviceError(response) : formError(response);
    }
    const [unknown] = unknownFields(form);
    if (unknown !== undefined) throw unknownFieldError(response, unknown);
    return form;
  }

  /** Whether it is the service that keeps the login form away. */
  private async hasFormWithoutService({ status }: HttpResponse): Promise<boolean> {
    if (![200, 401, 403].includes(status)) return false;
    return this.loginFormIn(complete(await this.requests.send("GET", "/login", {}))) !== undefined;
  }

  /** Goes on past a page that only has to be seen, because the session's cookie comes after it. */
  private async cookieAfter(response: HttpResponse): Promise<string> {
    const passing = this.pageToPass(response);
    if (!passing) return this.cookieOf(response);
    try {
      return await this.cookieOf(await this.submit(passing.hidden));
    } catch (error) {
      // The session is open since the password was accepted: the login is not sent again.
      if (!(error instanceof RequestError)) throw error;
      throw new RequestError({ ...error.failure, retry: "never", mayHaveActed: true });
    }
  }

  private pageToPass(response: HttpResponse): Form | undefined {
    const { casUrl } = this.requests.server;
    if (response.status !== 200 || response.bodyError || ticketGrantingIn(response)) return undefined;
    const page = readPage(response.body);
    const form = loginForm(page, casUrl) ? undefined : passingForm(page, casUrl);
    if (form) {
      const shown = titled(page);
      this.requests.deadline.display.notice(
        `Before it opened a session, the CAS at ${casUrl} showed a page${shown}. It was confirmed.`,
      );
    }
    return form;
  }

  private async cookieOf(response: HttpResponse): Promise<string> {
    // In the headers, which hold also where the body broke off.
    const cookie = ticketGrantingIn(response) ?? (await this.findByProbe(response));
    if (!isCookie(cookie)) throw unusableCookieError(response);
    return cookie;
  }

  /** Finds the session's cookie by what it does, where an administrator renamed it and the server encrypts its value. */
  private async findByProbe(response: HttpResponse): Promise<string> {
    const { casUrl, service } = this.requests.server;
    const isOpen = grantsTicket(response, service);
    const mayBeOpen = isOpen || (response.status === 200 && !this.loginFormIn(response));
    const earlier = new Set(cookiesIn(...this.answers.slice(0, -1)));
    const candidates = cookiesIn(response).filter(
      (it) => isCookie(it) && !earlier.has(it) && !isHttpSession(it),
    );
    const all = cookiesIn(...this.answers);
    for (const candidate of mayBeOpen ? candidates : []) {
      const cookies = all.filter((cookie) => nameOf(cookie) !== nameOf(candidate)).join("; ");
      if (await this.identifies({ ticketGrantingCookie: candidate, cookies }, response)) return candidate;
    }
    throw isOpen
      ? lostSessionError(response)
      : loginError(complete(response), { casUrl, mayBeOpen: mayBeOpen && candidates.length > 0 });
  }

  private async identifies(key: CasKey, response: HttpResponse): Promise<boolean> {
    try {
      // The cookie is known by then, so that only an answer is worth the wait.
      return await this.requests.deadline.retry(() => this.prober.identifies(key), ifTransient);
    } catch (error) {
      throw error instanceof RequestError ? lostSessionError(response, error) : error;
    }
  }

  private async submit(form: Record<string, string>): Promise<HttpResponse> {
    const { service } = this.requests.server;
    const cookie = cookiesIn(...this.answers).join("; ");
    return this.keep(await this.requests.send("POST", "/login", { service, cookie, form }));
  }

  private loginFormIn({ status, body, bodyError }: HttpResponse): Form | undefined {
    if (status !== 200 || bodyError) return undefined;
    return loginForm(readPage(body), this.requests.server.casUrl);
  }

  private keep(response: HttpResponse): HttpResponse {
    this.answers.push(response);
    return response;
  }
}

function ticketGrantingIn(response: HttpResponse): string | undefined {
  return cookiesIn(response).findLast(isTicketGranting);
}
