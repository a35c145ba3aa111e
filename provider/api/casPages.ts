import { parseSetCookie } from "cookie";
import { type HTMLElement, parse } from "node-html-parser";

/** A form on a CAS page: what it wants sent back, and what it wants typed. */
export interface Form {
  hidden: Record<string, string>;
  asksForPassword: boolean;
}

/** The form of a page: the one that asks for a password where there is one, else the first. */
export function parseForm(page: string): Form | undefined {
  const forms = parse(page).querySelectorAll("form");
  const form = forms.find(asksForPassword) ?? forms[0];
  if (!form) return undefined;
  const hidden: Record<string, string> = {};
  for (const input of form.querySelectorAll("input")) {
    const name = input.getAttribute("name");
    if (typeOf(input) === "hidden" && name) hidden[name] = input.getAttribute("value") ?? "";
  }
  return { hidden, asksForPassword: asksForPassword(form) };
}

function asksForPassword(form: HTMLElement): boolean {
  return form.querySelectorAll("input").some((input) => typeOf(input) === "password");
}

function typeOf(input: HTMLElement): string | undefined {
  return input.getAttribute("type")?.toLowerCase();
}

/** The cookies that a page sets, to be sent back with its form. */
export function cookieHeader(setCookies: readonly string[]): string {
  return setCookies.flatMap(live).join("; ");
}

/** The cookie of a session that has just been opened: `CASTGC` on older servers, `TGC` on newer ones. */
export function ticketGrantingCookie(setCookies: readonly string[]): string | undefined {
  return setCookies.flatMap(live).findLast((cookie) => /^(CASTGC|TGC)=/.test(cookie));
}

/** `NAME=VALUE`, unless the cookie is empty or already over: servers clear a cookie by setting it so. */
function live(setCookie: string): string[] {
  const { name, value, maxAge, expires } = parseSetCookie(setCookie, { decode: (text) => text });
  const over = maxAge === undefined ? expires && expires.getTime() <= Date.now() : maxAge <= 0;
  return value && !over ? [`${name}=${value}`] : [];
}
