import { parseSetCookie } from "cookie";
import { parse } from "node-html-parser";
import { ask, type RawAnswer, type RawRequest, SERVICE_HOST } from "../../../tools/cas";

/** The application that the tests log in to, on the host that the server knows. */
export const SERVICE = `https://${SERVICE_HOST}:28443/web/cas_security_check.htm`;

export const USER_AGENT = "tests/1";

/** A CAS to talk to, the real one or the emulator. */
export interface Target {
  casUrl: string;
  username: string;
  password: string;
  caCertificate: string;
}

export interface Asked extends RawRequest {
  cookie?: string;
  userAgent?: string;
  service?: string;
}

/** One request of the tests' own, with nothing of the provider in it. */
export function call(target: Target, path: "/login" | "/logout", asked: Asked = {}): Promise<RawAnswer> {
  const { cookie, userAgent = USER_AGENT, service, headers, ...rest } = asked;
  const query = service === undefined ? "" : `?service=${encodeURIComponent(service)}`;
  return ask(`${target.casUrl}${path}${query}`, target.caCertificate, {
    ...rest,
    headers: { "User-Agent": userAgent, ...(cookie ? { Cookie: cookie } : {}), ...headers },
  });
}

export function post(
  target: Target,
  path: "/login" | "/logout",
  fields: Record<string, string>,
  asked: Asked = {},
): Promise<RawAnswer> {
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  return call(target, path, {
    ...asked,
    method: "POST",
    headers,
    body: new URLSearchParams(fields).toString(),
  });
}

/** What the page's form wants sent back. */
export function hiddenFields({ body }: RawAnswer): Record<string, string> {
  const inputs = parse(body).querySelectorAll("form input[type=hidden]");
  return Object.fromEntries(
    inputs.map((input) => [input.getAttribute("name") ?? "", input.getAttribute("value") ?? ""]),
  );
}

/** A fresh form, filled in and sent. */
export async function logIn(
  target: Target,
  fields: Record<string, string> = {},
  asked: Asked = {},
): Promise<RawAnswer> {
  const { username, password } = target;
  const hidden = hiddenFields(await call(target, "/login", asked));
  return post(target, "/login", { ...hidden, username, password, ...fields }, asked);
}

/** Logs in and gives the cookie of the session, `NAME=VALUE`. */
export async function openSession(target: Target, asked: Asked = {}): Promise<string> {
  const { status, setCookies } = await logIn(target, {}, asked);
  for (const setCookie of setCookies) {
    const { name, value } = parseSetCookie(setCookie, { decode: (text) => text });
    if (/^(TGC|CASTGC)$/.test(name) && value) return `${name}=${value}`;
  }
  throw new Error(`the log-in answered ${status} without a ticket-granting cookie`);
}

/** Whether the server gives a ticket for that cookie. Throws where its answer says neither. */
export async function isAlive(target: Target, cookie: string, userAgent?: string): Promise<boolean> {
  const answer = await call(target, "/login", { cookie, userAgent, service: SERVICE });
  if (answer.status === 302 && answer.location?.startsWith(`${SERVICE}?ticket=ST-`)) return true;
  if (answer.status === 200 && "execution" in hiddenFields(answer)) return false;
  throw new Error(`the server answered ${answer.status} to the cookie, neither a ticket nor the form`);
}

export const logOut = (target: Target, cookie: string, asked: Asked = {}): Promise<RawAnswer> =>
  call(target, "/logout", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "",
    ...asked,
    cookie,
  });
