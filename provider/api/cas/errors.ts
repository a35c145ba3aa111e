import { type Failure, RequestError } from "../errors";
import { answerError, isTransient, retryAfter } from "../http/answers";
import type { HttpResponse } from "../http/messages";
import { knownBeginning, oneLine } from "../http/redaction";
import { loginForm, type Page, readPage } from "./pages";
import type { Probe } from "./requests";

/** An answer that a CAS should not have given. Its page is never shown: it can hold the password. */
export function casError(response: HttpResponse, flaw = ""): RequestError {
  if (response.bodyError) return response.bodyError;
  return answerError(response, {
    reason: `${response.request} answered ${response.status}${flaw && ` ${flaw}`}`,
    ...adviceFor(response),
  });
}

function adviceFor(response: HttpResponse): Pick<Failure, "advice" | "adviceAfterLogin"> {
  if (isTransient(response)) return { advice: "Run the same command again later." };
  return {
    advice:
      response.status === 403
        ? "Check that no proxy refuses the request, that `service` is registered with this CAS, and that the user may use it."
        : "Check `casUrl` (https://HOST:20009/cas) and `service`.",
    adviceAfterLogin:
      "Check that no proxy or portal in between answers for the CAS, then run the same command again.",
  };
}

/** The page in place of the login form. */
export function formError(response: HttpResponse): RequestError {
  const title = shownBeforeLogin(response);
  return casError(response, `with something other than a CAS login form${title && `: a page${title}`}`);
}

/** The service keeps the login form away: without it, the form is there. */
export function serviceError(response: HttpResponse): RequestError {
  return final({
    reason: `${response.request} answered ${response.status}${shownBeforeLogin(response)} for this \`service\`, and shows the login form without it`,
    advice:
      "Check that `service` is registered with this CAS and that users may log in to it, or leave it out.",
  });
}

/** A form that wants what this client does not have. Nothing was sent. */
export function unknownFieldError({ request }: HttpResponse, name: string): RequestError {
  const field = /^[\w.-]{1,64}$/.test(name) ? name : "";
  return final({
    reason: `${request} shows a login form that also asks for ${field ? `"${field}"` : "something else"}, so nothing was sent`,
    advice:
      "A login by user name and password alone is needed: switch off the CAPTCHA or the second factor for it.",
  });
}

interface LoginAttempt {
  casUrl: string;
  /** Whether one of the answer's cookies may be a session's. */
  mayBeOpen: boolean;
}

/** A login that set no ticket-granting cookie. Only the login form that came back says that the password is wrong. */
export function loginError(response: HttpResponse, { casUrl, mayBeOpen }: LoginAttempt): RequestError {
  const { status, request, body } = response;
  const page = readPage(body);
  if (status === 423 || status === 403) return refusedError(response, titled(page));
  if (status !== 200 && status !== 401) return casError(response);
  if (loginForm(page, casUrl)) {
    return final({
      reason: `the CAS rejected the login (${request} answered ${status} without a ticket-granting cookie, and showed the login form again${complaintOf(page)})`,
      advice:
        "Check `username` and `password`. The login is not retried: five failed attempts lock the account for five minutes, and a locked account is rejected in the same way.",
      meaning: "login rejected",
    });
  }
  if (body.includes("modify_password")) {
    return final({
      reason: `${request} answered ${status} and requires a password change`,
      advice: "Log in to MRS Manager with a browser and change the password.",
    });
  }
  return final({
    reason: `${request} answered ${status} with a page${titled(page)} in place of a session`,
    advice:
      "The CAS wants something else before it opens a session, or refuses this user. Log in with a browser to see what it is, and use a user and a `service` without that step.",
    mayHaveActed: mayBeOpen,
  });
}

/** Apereo CAS throttles logins with 423, and earlier releases with 403: https://apereo.github.io/cas/6.6.x/authentication/Configuring-Authentication-Throttling.html */
function refusedError(response: HttpResponse, title: string): RequestError {
  const ms = retryAfter(response);
  const wait = ms === undefined ? "a few minutes" : `${Math.ceil(ms / 1000)} s`;
  const other =
    response.status === 403 ? " If that does not help, check that no proxy refuses the request." : "";
  return final({
    reason: `${response.request} answered ${response.status}${title}`,
    advice: `The CAS may be throttling logins, or may have locked the account or the address of this machine. Wait ${wait}, then run the same command again.${other}`,
  });
}

/** A login that opened a session which nothing can be asked about, or ended by. */
export function lostSessionError({ request, status }: HttpResponse, cause?: RequestError): RequestError {
  const why = cause
    ? `it could not be found out by which cookie: ${cause.message}`
    : "none of its cookies is the session's";
  return final({
    reason: `${request} answered ${status} as if it had opened a session, but ${why}`,
    advice: "Run the same command again.",
    mayHaveActed: true,
  });
}

/** A login whose cookie can't be sent back as it came. */
export function unusableCookieError({ request, status }: HttpResponse): RequestError {
  return final({
    reason: `${request} answered ${status} with a ticket-granting cookie that can't be sent back`,
    advice: "Check that `casUrl` is the address of the CAS, then run the same command again.",
    mayHaveActed: true,
  });
}

/** A session that the service does not accept: https://apereo.github.io/cas/6.6.x/services/Configuring-Service-SSO-Policy.html */
export function notForServiceError(): RequestError {
  return final({
    reason: "the session is open, but the CAS shows its login form to it for this `service`",
    advice:
      "The service may be registered with single sign-on switched off (`ssoEnabled`). Use another `service`, or leave it out.",
  });
}

/**
 * A session that the CAS does not know, right after the login. It would look like that after a logout that did nothing,
 * too.
 */
export function notRecognizedError(): RequestError {
  return final({
    reason: "the login succeeded, but the server does not recognize the new session",
    advice:
      "Check that this machine reaches the server from one address, because a server may pin a session to it. " +
      "If the session is still open, it ends after its idle timeout (20 minutes).",
  });
}

/** A logout that was answered, without evidence that the session has ended. */
export function logoutError(found: Probe, answered: string): RequestError {
  const isAlive = found === "alive" || found === "aliveButNotForService";
  const [seen, advice] = isAlive ? STILL_ALIVE : found === "otherNode" ? OTHER_NODE : UNKNOWN;
  return new RequestError({ reason: `${answered}, ${seen}`, advice, retry: "idempotent" });
}

const STILL_ALIVE = [
  "but the session is still alive",
  "Log out in a browser, or have an administrator end the session. Then run the same command again.",
] as const;

const OTHER_NODE = [
  "and the login form that followed came from another node of the CAS, which may not know the session",
  "Check that the node on which the session was opened takes requests. Then run the same command again.",
] as const;

const UNKNOWN = [
  "and nothing shows whether the session has ended",
  "Check that `casUrl` reaches the CAS itself, and not a proxy, portal, or maintenance page in front of it.",
] as const;

/** Headings and complaints that CAS comes with: https://apereo.github.io/cas/6.6.x/ux/User-Interface-Customization-Localization.html */
const KNOWN_TEXTS = [
  "Acceptable Usage Policy",
  "Access Denied",
  "Application Not Authorized to Use CAS",
  "Attribute Consent",
  "Authentication Succeeded with Warnings",
  "Authentication attempt is blocked",
  "Authorization Denied",
  "MFA Provider Unavailable",
  "Multifactor Authentication",
  "Service access denied due to an unsatisfied authentication policy",
  "Service access denied due to missing privileges",
  "The IP address is locked",
  "The user is locked",
  "This account has been disabled",
  "This account has been locked",
  "This account has expired",
  "Unable to satisfy multifactor authentication requirements",
  "You cannot login at this time",
  "You cannot login from this workstation",
  "Your account is forbidden to login at this time",
  "Your account is not recognized",
  "Your account password has expired and must be changed",
  "Your password has expired",
];

/** The heading of a page that came after the password was sent, as a clause: any but a known one can repeat it. */
export function titled({ heading }: Page): string {
  return clause(knownBeginning(heading, KNOWN_TEXTS));
}

/** What a login form complains of, as a clause; the same holds for it. */
function complaintOf({ complaint }: Page): string {
  const text = knownBeginning(complaint, KNOWN_TEXTS);
  return text && `: "${text}"`;
}

function shownBeforeLogin({ body }: HttpResponse): string {
  return clause(oneLine(readPage(body).heading));
}

function clause(title: string): string {
  return title && ` titled "${title}"`;
}

function final(failure: Omit<Failure, "retry">): RequestError {
  return new RequestError({ ...failure, retry: "never" });
}
