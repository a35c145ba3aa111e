import { parseSetCookie } from "cookie";
import { parse } from "node-html-parser";
import type { Received } from "../../support/client";

/** What a client can rely on in an answer, without what differs from one answer to the next. */
export interface Shape {
  status: number;
  cookies: string[];
  /** The names of the form's hidden inputs, and whether it asks for a password. */
  form?: { hidden: string[]; password: boolean };
  location?: string;
}

// The language of the pages: Spring adds it to every answer, and no session depends on it.
const LANGUAGE = "org.springframework.web.servlet.i18n.CookieLocaleResolver.LOCALE=";

export function shapeOf({ status, headers, text }: Received): Shape {
  const { location, "set-cookie": setCookies = [] } = headers;
  const cookies = setCookies.filter((cookie) => !cookie.startsWith(LANGUAGE)).map(cookieShape);
  const shape: Shape = { status, cookies: [...new Set(cookies)].sort() };
  const form = formShape(text);
  if (form) shape.form = form;
  if (location !== undefined) shape.location = location.replace(/\bticket=ST-[^&]+/, "ticket=ST");
  return shape;
}

function cookieShape(setCookie: string): string {
  const { name, value, path, secure, httpOnly, maxAge, expires } = parseSetCookie(setCookie);
  const over = maxAge === undefined ? expires !== undefined && expires.getTime() <= Date.now() : maxAge <= 0;
  // A cookie is cleared at each path where a client may keep it.
  if (!value || over) return `${name} cleared`;
  return [name, `Path=${path}`, secure && "Secure", httpOnly && "HttpOnly"].filter(Boolean).join("; ");
}

function formShape(page: string): Shape["form"] {
  const forms = parse(page).querySelectorAll("form");
  const password = forms.find((form) => form.querySelector("input[type=password]"));
  const form = password ?? forms[0];
  if (!form) return undefined;
  const hidden = form.querySelectorAll("input[type=hidden]").map((input) => input.getAttribute("name") ?? "");
  return { hidden: [...new Set(hidden)].sort(), password: password !== undefined };
}
