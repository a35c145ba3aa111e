import { type Answer, type Arrival, saysNotDone } from "./answers";
import type { Call, Exchange } from "./exchange";
import { type Given, INVALID_CODES, type Replacement, replacementsOf } from "./replacements";

export interface Context extends Given {
  exchange: Exchange;
  /** The exchange before it, on the same server. */
  previous?: Exchange;
  /** What the service answered; an empty 200 where it was not asked. */
  honest: Answer;
  /** Whether the CAS shows the same to a live session and to a dead one. */
  isBlind: boolean;
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

type Change = (honest: Answer, given: Given) => Answer;

const arriving = (arrives: Arrival): Change => {
  return (honest) => ({ ...honest, arrives });
};
const encoded = (encoding: Answer["encoding"]): Change => {
  return (honest) => ({ ...honest, encoding });
};

/** Where an answer may end: within the head, at its end, within the key, after it, at the last byte. */
const CUTS = [0.05, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999];

/** Treatments that no client may fail for. */
const COMPRESSED = {
  gzipped: encoded("gzip"),
  deflated: encoded("deflate"),
  "compressed by Brotli": encoded("br"),
};
export const HARMLESS = new Set(["slow", ...Object.keys(COMPRESSED)]);

/** What becomes of the service's own answer on its way. */
const ON_THE_WAY: Record<string, Change> = {
  "reset after the work": arriving("nothing"),
  "silence after the work": arriving("silence"),
  "head, then silence": arriving("head"),
  "too long": arriving("too long"),
  undecodable: arriving("undecodable"),
  slow: (honest) => ({ ...honest, delay: 15 }),
  ...COMPRESSED,
  ...Object.fromEntries(CUTS.map((upTo) => [`cut at ${upTo}`, arriving({ upTo })])),
};

const ON_THE_WAY_OF: Partial<Record<Call, Record<string, Change>>> = {
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
    "the cookie, good for eight hours": ({ headers, ...honest }, { now }) => {
      const expires = `; Expires=${new Date(now + 8 * 3_600_000).toUTCString()}`;
      const cookies = [headers["set-cookie"] ?? []].flat().map((cookie) => cookie + expires);
      return { ...honest, headers: { ...headers, "set-cookie": cookies } };
    },
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

const known = new Map<Call, Record<string, Treatment>>();

/** All that a call may meet, by name. */
export function treatmentsOf(call: Call): Record<string, Treatment> {
  const made = known.get(call) ?? Object.fromEntries(entriesOf(call));
  known.set(call, made);
  return made;
}

export function treatmentOf(call: Call, name: string): Treatment {
  const treatment = treatmentsOf(call)[name];
  if (!treatment) throw new Error(`${call} is never treated by "${name}"`);
  return treatment;
}

function entriesOf(call: Call): [string, Treatment][] {
  const changed = (acts: boolean, changes: Record<string, Change>) =>
    Object.entries(changes).map(([name, change]): [string, Treatment] => [
      name,
      { acts, answer: (context) => change(context.honest, context) },
    ]);
  return [
    ...changed(false, { "reset before the work": arriving("nothing"), silence: arriving("silence") }),
    ...Object.entries(replacementsOf(call)).flatMap(([name, answer]) => replacing(call, name, answer)),
    ...changed(true, { ...ON_THE_WAY, ...ON_THE_WAY_OF[call] }),
  ];
}

/** Before the service has seen the request, and after it has done its work, unless the answer says that it has not. */
function replacing(call: Call, name: string, answer: Replacement): [string, Treatment][] {
  const forges = (context: Context) => isForgery(name, answer({ ...context, stepClock: () => {} }), context);
  const alone: [string, Treatment] = [name, { acts: false, answer, isForgery: forges }];
  const { status, body } = answer({ ...{ echo: "", retryAfter: "0", now: 0 }, stepClock: () => {} });
  // What can't be undone by doing it again.
  const isOnce = call === "webcli.auth" || call === "webcli.command" || call === "cas.login";
  if (isOnce && saysNotDone(call, status, body)) return [alone];
  return [alone, [`${name}, work done`, { acts: true, answer, isForgery: forges }]];
}

function isForgery(name: string, { status, body }: Answer, context: Context): boolean {
  const { call, command } = context.exchange;
  // The server does not recognize a session that it has just opened: a client can only end it.
  if (name === "not recognized")
    return context.previous?.call !== "cas.login" || !context.previous.keyArrived;
  const showsForm = body.replace(/<template>.*<\/template>/, "").includes("<form");
  if (call === "cas.logout" && context.isBlind) return status === 200 && !showsForm;
  if (call !== "webcli.command" || command !== "PING") return false;
  return (status === 400 || status === 404) && INVALID_CODES.some((code) => body.includes(code));
}
