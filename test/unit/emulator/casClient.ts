import type { Emulator } from "../../../emulator";
import { hiddenInputs, type Received, type Sending, send, setCookies } from "../../support/client";

export const service = "https://127.0.0.1:28443/web/cas_security_check.htm";

/** A browser's view of CAS: it keeps the form's cookie between GET and POST, and nothing else. */
export interface Browsing {
  service?: string;
  cookie?: string;
  userAgent?: string;
  fields?: Record<string, string | undefined>;
}

function headersOf({ cookie, userAgent }: Browsing): Record<string, string> {
  return { ...(cookie ? { cookie } : {}), "user-agent": userAgent ?? "test/1" };
}

export function loginUrl(emulator: Emulator, { service: target }: Browsing): string {
  const query = target === undefined ? "" : `?service=${encodeURIComponent(target)}`;
  return `${emulator.casUrl}/login${query}`;
}

export function getLogin(emulator: Emulator, browsing: Browsing = {}): Promise<Received> {
  return send(loginUrl(emulator, browsing), { headers: headersOf(browsing), ca: emulator.caCertificate });
}

export function postForm(url: string, fields: Record<string, string | undefined>, sending: Sending = {}) {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) {
      form.set(name, value);
    }
  }
  const headers = { "content-type": "application/x-www-form-urlencoded", ...sending.headers };
  return send(url, { ...sending, method: "POST", headers, body: form.toString() });
}

/** Cookies to send back: the ones that were not expired on arrival. */
export function keptCookies(received: Received): string {
  const kept = setCookies(received).filter(({ value }) => value);
  return kept.map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** Answers a form that was got before; `fields` overrides or, with undefined, leaves out. */
export function answerForm(emulator: Emulator, form: Received, browsing: Browsing = {}): Promise<Received> {
  const { username, password } = emulator;
  const fields = { ...hiddenInputs(form), username, password, ...browsing.fields };
  const cookie = browsing.cookie ?? keptCookies(form);
  const headers = headersOf({ ...browsing, cookie });
  return postForm(loginUrl(emulator, browsing), fields, { headers, ca: emulator.caCertificate });
}

/** Gets a form and answers it. */
export async function logIn(emulator: Emulator, browsing: Browsing = {}): Promise<Received> {
  return answerForm(emulator, await getLogin(emulator, { ...browsing, cookie: undefined }), browsing);
}

/** Logs in and gives the session's cookie as `NAME=VALUE`. */
export async function openCas(emulator: Emulator, browsing: Browsing = {}): Promise<string> {
  return keptCookies(await logIn(emulator, browsing));
}

/** POST /cas/logout as the API reference shows it: JSON headers, no body. */
export function logOut(emulator: Emulator, browsing: Browsing = {}, body = ""): Promise<Received> {
  const headers = { ...headersOf(browsing), "content-type": "application/json", accept: "application/json" };
  return send(`${emulator.casUrl}/logout`, { method: "POST", headers, body, ca: emulator.caCertificate });
}
