import type { Answer } from "./answers";
import type { Call, Headers } from "./exchange";

/** What an answer in place of the service's is made of. */
export interface Given {
  /** A text of the request, in some spelling, for servers that repeat what they were sent. */
  echo: string;
  /** Seconds. */
  retryAfter: string;
  /** The service's time. */
  now: number;
  /** Sets the clock of the client's machine, by milliseconds. */
  stepClock(ms: number): void;
}

export type Replacement = (given: Given) => Answer;

const page = (status: number, content: string, headers: Headers = {}): Replacement => {
  return ({ echo, retryAfter }) => ({
    status,
    headers: { "content-type": "text/html", ...busyHeaders(status, retryAfter), ...headers },
    body: `<!DOCTYPE html><html><head><title>${echo}</title></head><body>${content}<p>${echo}</p></body></html>`,
  });
};
const pages = (name: string, statuses: readonly number[], content: string) =>
  Object.fromEntries(statuses.map((status) => [`${name} ${status}`, page(status, content)]));
const redirect = (location: string): Replacement => {
  return ({ echo }) => ({
    status: 302,
    headers: { location: location + headerSafe(echo) },
    body: `<p>moved ${echo}</p>`,
  });
};
const hidden = (name: string, value = "e1s1") => `<input type="hidden" name="${name}" value="${value}">`;
const form = (action: string, content: string) =>
  `<form method="post" action="${action}">${content}<input name="submit" type="submit"></form>`;
const PASSWORD = '<input type="text" name="username"><input type="password" name="password">';
const LOGIN_FORM = form("login", hidden("lt") + hidden("execution") + PASSWORD);
const headerSafe = (text: string) => text.replace(/[^\x21-\x7e]/g, "");
const busyHeaders = (status: number, retryAfter: string): Headers =>
  status === 429 || status === 503 ? { "retry-after": retryAfter } : {};

/** What stands in front of a service and answers in its place. */
const FRONTS: Record<string, Replacement> = {
  "redirect to another host": redirect("https://elsewhere.example/cas/login?service=x&"),
  "redirect with a ticket, elsewhere": redirect("https://elsewhere.example/?ticket=ST-1-abc&"),
  "redirect to a portal": redirect("/portal?"),
  "maintenance page": page(200, "<h1>Down for maintenance</h1>"),
  "page with another form": page(200, form("/search", `${hidden("q", "")}<input type="text" name="term">`)),
  "login form of another single sign-on": page(200, form("/sso", hidden("csrf") + PASSWORD), {
    "set-cookie": "SSO=s-1; Path=/",
  }),
  "CAS form of another host": page(
    200,
    form("https://sso.example/cas/login", hidden("lt") + hidden("execution") + PASSWORD),
  ),
  "page with a login form that is not shown": page(200, `<template>${LOGIN_FORM}</template>`),
  ...pages("page", [401, 403, 404, 407, 429, 500, 502, 503], "<h1>Error</h1>"),
  "page 503, and the clock is set back": (given) => {
    given.stepClock(-3_600_000);
    return page(503, "Unavailable")(given);
  },
};

const dcs = (
  status: number,
  error_code: string,
  message = "Refused: ",
  headers: Headers = {},
): Replacement => {
  return ({ echo, retryAfter }) => ({
    status,
    headers: {
      ...{ "content-type": "application/json", "x-request-id": headerSafe(echo) || "r-2" },
      ...{ ...busyHeaders(status, retryAfter), ...headers },
    },
    body: JSON.stringify({ error_code, error_msg: message + echo, request_id: echo || "r-1" }),
  });
};
const reply = (text: string): Replacement => {
  return ({ echo }) => ({ status: 200, headers: {}, body: JSON.stringify({ response: text + echo }) });
};
const plain = (status: number, body: string): Replacement => {
  return () => ({ status, headers: {}, body });
};

const SIGNATURE =
  "Incorrect IAM authentication information: verify aksk signature fail,canonicalRequest:POST\n";
export const INVALID_CODES = ["111400062", "111400063", "DCS.4062", "DCS.4063"];

/** The words of the DCS API and its gateway, where they belong and where they don't. */
const DCS: Record<string, Replacement> = {
  "busy 111400111": dcs(400, "111400111"),
  "busy DCS.4049": dcs(400, "DCS.4049"),
  "throttled APIGW.0308": dcs(429, "APIGW.0308"),
  "wrong password": dcs(400, "111400080"),
  "invalid parameter": dcs(400, "111400063"),
  "invalid parameter at 404": dcs(404, "DCS.4062"),
  "invalid parameter at 401": dcs(401, "111400063"),
  "invalid parameter at 500": dcs(500, "111400063"),
  "invalid parameter at 200": dcs(200, "111400063"),
  "instance gone at 400": dcs(400, "111404022"),
  "instance gone at 500": dcs(500, "DCS.3022"),
  "instance gone at 200": dcs(200, "111404022"),
  "bad instance ID": dcs(400, "DCS.4061"),
  "unknown code": dcs(400, "111400999"),
  "credentials refused": dcs(401, "APIGW.0301", SIGNATURE),
  "credentials refused slowly": (given) => ({ ...dcs(401, "APIGW.0301")(given), delay: 40 }),
  "credentials refused by another clock": (given) =>
    dcs(401, "APIGW.0301", "", { date: new Date(given.now + 3_600_000).toUTCString() })(given),
  forbidden: dcs(403, "111403003"),
  "no such API": dcs(404, "APIGW.0101"),
  "no such URL": dcs(404, "111404001"),
  "internal 111500000": dcs(500, "111500000"),
  "error code at 202": dcs(202, "111500000"),
};

/** What only one call can meet. */
const BY_CALL: Record<Call, Record<string, Replacement>> = {
  "webcli.auth": {
    nothing: plain(200, "{}"),
    "a client ID that is none": plain(200, '{"client_id":7,"databases":16}'),
  },
  "webcli.command": {
    "no response": plain(200, "{}"),
    "Redis error": reply("ERR unknown command "),
    "Redis refuses": reply("NOAUTH Authentication required. "),
  },
  "webcli.logout": {
    "JSON text": plain(200, '"logged out"'),
    "JSON null": plain(200, "null"),
    "success: false": plain(200, '{"success":false}'),
    "an error's object": plain(200, '{"error":{"code":"DCS.5000"}}'),
    "another error's code": plain(200, '{"errorCode":"DCS.5000"}'),
    "an empty list": plain(200, "[]"),
    "an empty object": plain(200, "{}"),
    "an empty 200": plain(200, ""),
    "an empty 202": plain(202, ""),
  },
  "cas.form": {},
  "cas.login": {
    ...pages("denied", [200, 400, 401, 403, 423, 500], LOGIN_FORM),
    "denied 302": redirect("/cas/login?error&"),
    "password must be changed": page(200, form("modify_password.html", PASSWORD)),
  },
  "cas.probe": { "not recognized": page(200, LOGIN_FORM) },
  "cas.logout": {
    "confirmation asked": page(200, form("/cas/logout", hidden("execution") + hidden("_eventId", "submit"))),
  },
};

/** All that a call may get in place of the service's answer, by name. */
export function replacementsOf(call: Call): Record<string, Replacement> {
  return { ...FRONTS, ...(call.startsWith("webcli.") ? DCS : {}), ...BY_CALL[call] };
}
