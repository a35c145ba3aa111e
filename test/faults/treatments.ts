import { type Answer, saysNotDone } from "./answers";
import { type Call, type Exchange, exchangeOf } from "./exchange";

/** What an answer is made of. */
export interface Context {
  exchange: Exchange;
  /** The exchange before it, on the same server. */
  previous?: Exchange;
  /** What the service answered; an empty 200 where it was not asked. */
  honest: Answer;
  /** A text of the request, in some spelling, for servers that repeat what they were sent. */
  echo: string;
  /** Seconds. */
  retryAfter: string;
  /** Whether the CAS shows the same to a live session and to a dead one. */
  isBlind: boolean;
  /** Sets the clock of the client's machine, by milliseconds. */
  stepClock(ms: number): void;
}

/** One way in which what is between client and service, or the service itself, treats a request. */
export interface Treatment {
  /** Whether the service does its work behind it. */
  acts: boolean;
  answer(context: Context): Answer;
  /**
   * Whether no client could tell the answer from the service's own word, for or against a live session. A
   * front that forges the service's documents down to the last field is the service to any client. So these are
   * out of scope: the CAS's own login form for a live cookie, and a ticket for a dead one; the DCS API's "invalid
   * parameter" to a PING, "instance gone", and a logout's success; and a word that nothing was done, when it was.
   * Where a CAS shows the same to a live session and to a dead one, nobody can tell its logout page from another.
   */
  isForgery?(context: Context): boolean;
}

type Replacement = (context: Context) => Answer;

const html = (status: number, content: string, headers: Answer["headers"] = {}): Replacement => {
  return ({ echo }) => {
    const body = `<!DOCTYPE html><html><head><title>${echo}</title></head><body>${content}<p>${echo}</p></body></html>`;
    return { status, headers: { "content-type": "text/html", ...headers }, body };
  };
};
const redirect = (location: string): Replacement => {
  return (context) => ({
    ...html(302, "moved")(context),
    headers: { location: location + headerSafe(context.echo) },
  });
};
const hidden = (name: string, value = "e1s1") => `<input type="hidden" name="${name}" value="${value}">`;
const form = (action: string, content: string) =>
  `<form method="post" action="${action}">${content}<input name="submit" type="submit"></form>`;
const PASSWORD = '<input type="text" name="user"><input type="password" name="pass">';
const headerSafe = (text: string) => text.replace(/[^\x21-\x7e]/g, "");

/** What stands in front of a service and answers in its place. */
const FRONTS: Record<string, Replacement> = {
  "redirect to another host": redirect("https://elsewhere.example/cas/login?service=x&"),
  "redirect with a ticket, elsewhere": redirect("https://elsewhere.example/?ticket=ST-1-abc&"),
  "redirect to a portal": redirect("/portal?"),
  "maintenance page": html(200, "<h1>Down for maintenance</h1>"),
  "page with another form": html(200, form("/search", `${hidden("q", "")}<input type="text" name="term">`)),
  "login form of another single sign-on": html(200, form("/sso", hidden("csrf") + PASSWORD), {
    "set-cookie": "SSO=s-1; Path=/",
  }),
  "CAS form of another host": html(
    200,
    form("https://sso.example/cas/login", hidden("lt") + hidden("execution") + PASSWORD),
  ),
  "page 401": html(401, "Unauthorized", { "www-authenticate": "Basic" }),
  "page 403": html(403, "Forbidden"),
  "page 404": html(404, "Not found"),
  "page 407": html(407, "Proxy authentication required"),
  "page 429": (context) => html(429, "Slow down", { "retry-after": context.retryAfter })(context),
  "page 500": html(500, "Error"),
  "page 502": html(502, "Bad gateway"),
  "page 503": (context) => html(503, "Unavailable", { "retry-after": context.retryAfter })(context),
  "page 503, and the clock is set back": (context) => {
    context.stepClock(-3_600_000);
    return html(503, "Unavailable")(context);
  },
};

const dcs = (
  status: number,
  error_code: string,
  message = "Refused: ",
  headers: Answer["headers"] = {},
): Replacement => {
  return ({ echo }) => ({
    status,
    headers: { "content-type": "application/json", "x-request-id": headerSafe(echo) || "r-2", ...headers },
    body: JSON.stringify({ error_code, error_msg: message + echo, request_id: echo || "r-1" }),
  });
};
const reply = (text: string): Replacement => {
  return ({ echo }) => ({ status: 200, headers: {}, body: JSON.stringify({ response: text + echo }) });
};
const json =
  (status: number, value: unknown): Replacement =>
  () => ({ status, headers: {}, body: JSON.stringify(value) });

const SIGNATURE =
  "Incorrect IAM authentication information: verify aksk signature fail,canonicalRequest:POST\n";
const INVALID_CODES = ["111400062", "111400063", "DCS.4062", "DCS.4063"];

/** The words of the DCS API and its gateway, where they belong and where they don't. */
const DCS: Record<string, Replacement> = {
  "busy 111400111": dcs(400, "111400111"),
  "busy DCS.4049": dcs(400, "DCS.4049"),
  "throttled APIGW.0308": (context) =>
    dcs(429, "APIGW.0308", "", { "retry-after": context.retryAfter })(context),
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
  "credentials refused slowly": (context) => ({ ...dcs(401, "APIGW.0301")(context), delay: 40 }),
  "credentials refused by another clock": (context) =>
    dcs(401, "APIGW.0301", "", { date: new Date(Date.now() + 3_600_000).toUTCString() })(context),
  forbidden: dcs(403, "111403003"),
  "no such API": dcs(404, "APIGW.0101"),
  "no such URL": dcs(404, "111404001"),
  "internal 111500000": dcs(500, "111500000"),
  "error code at 202": dcs(202, "111500000"),
};

const LOGIN_FORM = form("login", hidden("lt") + hidden("execution") + PASSWORD);

/** What only one call can meet. */
const BY_CALL: Record<Call, Record<string, Replacement>> = {
  "webcli.auth": {
    nothing: json(200, {}),
    "a client ID that is none": json(200, { client_id: 7, databases: 16 }),
  },
  "webcli.command": {
    "no response": json(200, {}),
    "Redis error": reply("ERR unknown command "),
    "Redis refuses": reply("NOAUTH Authentication required. "),
  },
  "webcli.logout": {
    "JSON text": json(200, "logged out"),
    "JSON null": json(200, null),
    "success: false": json(200, { success: false }),
    "an error's object": json(200, { error: { code: "DCS.5000" } }),
    "another error's code": json(200, { errorCode: "DCS.5000" }),
    "an empty list": json(200, []),
    "an empty object": json(200, {}),
    "an empty 200": () => ({ status: 200, headers: {}, body: "" }),
    "an empty 202": () => ({ status: 202, headers: {}, body: "" }),
  },
  "cas.form": {},
  "cas.login": {
    "denied 401": html(401, LOGIN_FORM),
    "denied 200": html(200, LOGIN_FORM),
    "denied 302": redirect("/cas/login?error&"),
    "denied 400": html(400, LOGIN_FORM),
    "denied 403": html(403, LOGIN_FORM),
    "denied 423": html(423, LOGIN_FORM),
    "denied 500": html(500, LOGIN_FORM),
    "password must be changed": html(200, form("modify_password.html", PASSWORD)),
  },
  "cas.probe": { "not recognized": html(200, LOGIN_FORM) },
  "cas.logout": {
    "confirmation asked": html(200, form("/cas/logout", hidden("execution") + hidden("_eventId", "submit"))),
  },
};

/** What becomes of the service's own answer on its way. */
const ON_THE_WAY: Record<string, (honest: Answer) => Answer> = {
  "reset after the work": (honest) => ({ ...honest, arrives: "nothing" }),
  "silence after the work": (honest) => ({ ...honest, arrives: "silence" }),
  "head, then silence": (honest) => ({ ...honest, arrives: "head" }),
  "too long": (honest) => ({ ...honest, arrives: "too long" }),
  undecodable: (honest) => ({ ...honest, arrives: "undecodable" }),
  slow: (honest) => ({ ...honest, delay: 15 }),
  gzipped: (honest) => ({ ...honest, encoding: "gzip" }),
  deflated: (honest) => ({ ...honest, encoding: "deflate" }),
  "compressed by Brotli": (honest) => ({ ...honest, encoding: "br" }),
};

/** Treatments that no client may fail for. */
export const HARMLESS = new Set(["slow", "gzipped", "deflated", "compressed by Brotli"]);

const ON_THE_WAY_OF: Partial<Record<Call, Record<string, (honest: Answer) => Answer>>> = {
  "webcli.auth": {
    "as 201": (honest) => ({ ...honest, status: 201 }),
    "as 202": (honest) => ({ ...honest, status: 202 }),
    "without databases": (honest) => ({ ...honest, body: honest.body.replace(/,"databases":\d+/, "") }),
    "with a client_id that is too long": (honest) => ({
      ...honest,
      body: honest.body.replace('"client_id":"', `$&${"c".repeat(5_000)}`),
    }),
    "without client_id": (honest) => ({ ...honest, body: honest.body.replace("client_id", "id") }),
  },
  "webcli.logout": {
    "as 200 with a page": (honest) => ({ ...honest, status: 200, body: "<p>logged out</p>" }),
    "as 202": (honest) => ({ ...honest, status: honest.status === 204 ? 202 : honest.status }),
  },
  "cas.login": {
    "the cookie with a page 500": (honest) => ({ ...honest, status: 500, body: "<h1>Error</h1>" }),
    "the cookie, cleared on another path": ({ headers, ...honest }) => {
      const cookies = [headers["set-cookie"] ?? []].flat();
      const cleared = cookies.map((cookie) => `${cookie.split("=", 1)}=; Path=/elsewhere; Max-Age=0`);
      return { ...honest, headers: { ...headers, "set-cookie": [...cookies, ...cleared] } };
    },
    "the cookie with a redirect elsewhere": (honest) => ({
      ...honest,
      status: 302,
      headers: { ...honest.headers, location: "https://elsewhere.example/" },
    }),
  },
};

/** Where an answer may end: within the head, at its end, within the key, after it, at the last byte. */
const CUTS = [0.05, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999];

/** All that a call may meet, by name. */
export function treatmentsOf(call: Call): Record<string, Treatment> {
  const replacements = { ...FRONTS, ...(call.startsWith("webcli.") ? DCS : {}), ...BY_CALL[call] };
  const changes = { ...ON_THE_WAY, ...cuts(), ...ON_THE_WAY_OF[call] };
  return Object.fromEntries([
    ...Object.entries({ "reset before the work": "nothing", silence: "silence" } as const).map(
      ([name, arrives]): [string, Treatment] => [
        name,
        { acts: false, answer: ({ honest }) => ({ ...honest, arrives }) },
      ],
    ),
    ...Object.entries(replacements).flatMap(([name, answer]) =>
      [false, true]
        .filter((acts) => !(acts && denies(call, answer)))
        .map((acts): [string, Treatment] => [
          acts ? `${name}, work done` : name,
          { acts, answer, isForgery: (context) => isForgery(name, answer, context) },
        ]),
    ),
    ...Object.entries(changes).map(([name, change]): [string, Treatment] => [
      name,
      { acts: true, answer: ({ honest }) => change(honest) },
    ]),
  ]);
}

function cuts(): Record<string, (honest: Answer) => Answer> {
  return Object.fromEntries(
    CUTS.map((upTo) => [`cut at ${upTo}`, (honest) => ({ ...honest, arrives: { upTo } })]),
  );
}

const NO_CONTEXT: Omit<Context, "exchange"> = {
  ...{ honest: { status: 200, headers: {}, body: "" }, echo: "", retryAfter: "0", isBlind: false },
  stepClock: () => {},
};

/** Whether an answer says that nothing was done, where the service does what can't be undone by doing it again. */
function denies(call: Call, answer: Replacement): boolean {
  const url = "/";
  const { status, body } = answer({
    ...NO_CONTEXT,
    exchange: exchangeOf({ method: "GET", url, headers: {}, body: "" }, 0, 0),
  });
  return ["webcli.auth", "webcli.command", "cas.login"].includes(call) && saysNotDone(call, status, body);
}

function isForgery(name: string, answer: Replacement, context: Context): boolean {
  const { call, command } = context.exchange;
  // The server does not recognize a session that it has just opened: a client can only end it.
  if (name === "not recognized")
    return context.previous?.call !== "cas.login" || !context.previous.keyArrived;
  const { status, body } = answer(context);
  if (call === "cas.logout" && context.isBlind) return status === 200 && !body.includes("<form");
  if (call !== "webcli.command" || command !== "PING") return false;
  return (status === 400 || status === 404) && INVALID_CODES.some((code) => body.includes(code));
}
