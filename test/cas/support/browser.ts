import { parseSetCookie } from "cookie";
import { hiddenInputs, type Received, type Sending, send } from "../../support/client";
import { SERVICE_HOST } from "../server/settings";

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

export interface Asked extends Sending {
  cookie?: string;
  userAgent?: string;
  service?: string;
}

/** One request of the tests' own, with nothing of the provider in it. */
export function call(target: Target, path: "/login" | "/logout", asked: Asked = {}): Promise<Received> {
  const { cookie, userAgent = USER_AGENT, service, headers, ...rest } = asked;
  const query = service === undefined ? "" : `?service=${encodeURIComponent(service)}`;
  return send(`${target.casUrl}${path}${query}`, {
    ...rest,
    ca: target.caCertificate,
    headers: { "User-Agent": userAgent, ...(cookie ? { Cookie: cookie } : {}), ...headers },
  });
}

export function post(
  target: Target,
  path: "/login" | "/logout",
  fields: Record<string, string>,
  asked: Asked = {},
): Promise<Received> {
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  return call(target, path, {
    ...asked,
    method: "POST",
    headers,
    body: new URLSearchParams(fields).toString(),
  });
}

/** A fresh form, filled in and sent. */
export async function logIn(
  target: Target,
  fields: Record<string, string> = {},
  asked: Asked = {},
): Promise<Received> {
  const { username, password } = target;
  const hidden = hiddenInputs(await call(target, "/login", asked));
  return post(target, "/login", { ...hidden, username, password, ...fields }, asked);
}

/** Logs in and gives the cookie of the session, `NAME=VALUE`. */
export async function openSession(target: Target, asked: Asked = {}): Promise<string> {
  const { status, headers } = await logIn(target, {}, asked);
  for (const setCookie of headers["set-cookie"] ?? []) {
    const { name, value } = parseSetCookie(setCookie, { decode: (text) => text });
    if (/^(TGC|CASTGC)$/.test(name) && value) return `${name}=${value}`;
  }
  throw new Error(`the login answered ${status} without a ticket-granting cookie`);
}

/** Whether the server gives a ticket for that cookie. Throws where its answer says neither. */
export async function isAlive(target: Target, cookie: string, userAgent?: string): Promise<boolean> {
  const answer = await call(target, "/login", { cookie, userAgent, service: SERVICE });
  if (answer.status === 302 && answer.headers.location?.startsWith(`${SERVICE}?ticket=ST-`)) return true;
  if (answer.status === 200 && "execution" in hiddenInputs(answer)) return false;
  throw new Error(`the server answered ${answer.status} to the cookie, neither a ticket nor the form`);
}

export const logOut = (target: Target, cookie: string, asked: Asked = {}): Promise<Received> =>
  call(target, "/logout", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "",
    ...asked,
    cookie,
  });
