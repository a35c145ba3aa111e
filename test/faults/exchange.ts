import type { FaultTarget } from "../../emulator";

/** The calls of both services. `cas.form` is a GET of the login page without a session's cookie, `cas.probe` with one. */
export type Call = Extract<FaultTarget, `webcli.${string}` | `cas.${string}`>;

export const CALLS: readonly Call[] = [
  "webcli.auth",
  "webcli.command",
  "webcli.logout",
  "cas.form",
  "cas.login",
  "cas.probe",
  "cas.logout",
];

/** Of an answer, by name in lower case. */
export type Headers = Readonly<Record<string, string | string[]>>;

/** A request as a server gets it. */
export interface Request {
  method: string;
  /** Path and query. */
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** One request, what the service did about it, and what the client got. */
export interface Exchange {
  readonly request: Request;
  readonly call: Call;
  /** The process that sent it, by number. */
  readonly process: number;
  /** The project that it was sent for, "" where the service has none. */
  readonly project: string;
  /** The session that it was sent in. */
  readonly key?: string;
  /** The Redis command that it asked for. */
  readonly command?: string;
  /** The access key or token that it was sent with. */
  readonly credential?: string;
  /** What struck it, for whoever reads the log of a failure. */
  answer?: string;
  /** When it came, by the server's clock. */
  readonly at: number;
  /** How far the server's clock is ahead of the client's, in minutes. */
  readonly ahead: number;
  /** Whether the service did what it was asked for. */
  performed?: boolean;
  /** The key of a session that the service opened, or gave another key. */
  opened?: string;
  /** The status that the client got; undefined where it got none in time. */
  status?: number;
  /** How many requests had begun when it was answered. */
  answeredAt?: number;
  /** Whether the answer came whole. */
  complete?: boolean;
  /** Whether the client could read that key. */
  keyArrived?: boolean;
  /** Whether the client was told that nothing was done, so that even a login may be sent again. */
  notDone?: boolean;
  /** Whether it was a login that brought no session, and may have: the password may be wrong. */
  rejected?: boolean;
  /** Whether what the client got shows that the service accepts its credentials. */
  provesCredentials?: boolean;
}

export function exchangeOf(request: Request, process: number, at: number): Exchange {
  const call = callOf(request);
  const { client_id, command } = call.startsWith("webcli.") ? fieldsOf(request.body) : {};
  return {
    request,
    call,
    process,
    at,
    ahead: Math.round((at - Date.now()) / 60_000),
    project: /^\/v2\/(\w+)\//.exec(request.url)?.[1] ?? "",
    key: client_id ?? ticketGrantingCookieOf(request),
    command,
    credential: credentialOf(request),
  };
}

function callOf(request: Request): Call {
  const [path = ""] = request.url.split("?", 1);
  const action = /\/webcli\/(auth|command|logout)$/.exec(path)?.[1];
  if (action === "auth" || action === "command" || action === "logout") return `webcli.${action}`;
  if (path.endsWith("/logout")) return "cas.logout";
  if (request.method === "POST") return "cas.login";
  return ticketGrantingCookieOf(request) === undefined ? "cas.form" : "cas.probe";
}

function fieldsOf(body: string): Record<string, string> {
  const value: unknown = JSON.parse(body);
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry) => typeof entry[1] === "string"));
}

/** The `NAME=VALUE` pairs of a Cookie header. */
function cookiesOf({ headers }: Pick<Request, "headers">): [name: string, value: string][] {
  return (headers.cookie ?? "").split("; ").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
}

/** The node of the CAS that a request asks for by its cookie, or that an answer leads to. */
export function nodeIn(cookies: string | string[] | undefined): string | undefined {
  return /\bROUTEID=(\d+)/.exec(String(cookies))?.[1];
}

/** The value of the ticket-granting cookie that an answer sets. */
export function setTicketGrantingCookie(headers: Headers): string | undefined {
  const cookies = [headers["set-cookie"] ?? []].flat().map((cookie) => cookie.split(";")[0]);
  return ticketGrantingCookieOf({ headers: { cookie: cookies.join("; ") } });
}

/** The value of the cookie that stands for a CAS session, whatever the administrator called it. */
function ticketGrantingCookieOf(request: Pick<Request, "headers">): string | undefined {
  return cookiesOf(request).find(
    ([name, value]) => value !== "" && (/^(CASTGC|TGC|MYCAS)$/.test(name) || /^TGT-/.test(value)),
  )?.[1];
}

function credentialOf({ headers }: Request): string | undefined {
  return headers["x-auth-token"] ?? /Access=([^,\s]+)/.exec(headers.authorization ?? "")?.[1];
}

/** One line for each request, for the report of a failure. */
export function listing(exchanges: readonly Exchange[]): string {
  return exchanges
    .map(({ call, key, command, answer, performed, opened, status, complete }) =>
      [
        call,
        key?.slice(0, 12),
        command,
        `<- ${answer ?? "honest"}`,
        `: ${status ?? "no answer"}${complete ? "" : ", broken off"}`,
        performed ? "(performed)" : "",
        opened ? `opened ${opened.slice(0, 12)}` : "",
      ]
        .filter(Boolean)
        .join(" "),
    )
    .join("\n");
}
