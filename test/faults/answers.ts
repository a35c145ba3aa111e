import { type Call, type Exchange, type Headers, setTicketGrantingCookie } from "./exchange";

/** What is sent as an answer, and how much of it arrives. */
export interface Answer {
  status: number;
  headers: Headers;
  body: string;
  /** @default "whole" */
  arrives?: Arrival;
  /** How the body is compressed, although the client asked for none. */
  encoding?: "gzip" | "deflate" | "br";
  /** Milliseconds until it is sent. */
  delay?: number;
}

export type Arrival =
  | "whole"
  | "nothing" // the connection is reset
  | "silence" // nothing until the client gives up
  | "head" // status and headers, then silence
  | "too long" // more than any client should read
  | "undecodable" // not compressed as its header says
  | { upTo: number }; // a share of its bytes, then the connection ends

/** An answer as it stands on the wire. */
export function wireText({ status, headers, body }: Answer): { head: string; body: Buffer } {
  const content = Buffer.from(body);
  const length = status === 204 ? {} : { "content-length": String(content.length) };
  const lines = Object.entries({ ...headers, ...length }).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}: ${one}\r\n`),
  );
  return { head: `HTTP/1.1 ${status} Status\r\n${lines.join("")}\r\n`, body: content };
}

/** How much of an answer reaches the client: its head, and this much of its body. */
export function arrivalOf(answer: Answer): { head: boolean; body: string; complete: boolean } {
  const { arrives = "whole", body } = answer;
  if (arrives === "nothing" || arrives === "silence") return { head: false, body: "", complete: false };
  // There is no body to wait for.
  if (answer.status === 204 && typeof arrives === "string") return { head: true, body: "", complete: true };
  if (arrives === "head" || arrives === "undecodable") return { head: true, body: "", complete: false };
  if (arrives === "too long") return { head: true, body, complete: false };
  if (arrives === "whole") return { head: true, body, complete: true };
  const wire = wireText(answer);
  const length = Math.floor(arrives.upTo * (wire.head.length + wire.body.length));
  const rest = length - wire.head.length;
  const complete = rest >= wire.body.length;
  return { head: rest >= 0, body: wire.body.subarray(0, Math.max(0, rest)).toString("utf8"), complete };
}

/** Notes what the client got of an answer: see `Exchange`. */
export function noteArrival(exchange: Exchange, answer: Answer): void {
  const { head, body, complete } = arrivalOf(answer);
  const { call, opened } = exchange;
  const status = head ? answer.status : undefined;
  exchange.status = status;
  exchange.complete = complete;
  exchange.notDone = saysNotDone(call, status, body);
  exchange.provesCredentials = status !== undefined && provesCredentials(status, body);
  const isLogin = call === "cas.login";
  const carriesKey = call.startsWith("cas.")
    ? setTicketGrantingCookie(answer.headers) === opened
    : body.includes(`"client_id":"${opened}"`) && answer.status < 300;
  exchange.keyArrived = head && opened !== undefined && carriesKey;
  exchange.rejected = isLogin && !exchange.keyArrived && !exchange.notDone;
}

/** A gateway, or what stands in front of it, may answer before anybody has looked at the credentials. */
function provesCredentials(status: number, body: string): boolean {
  if (status < 300) return body === "" || /^\s*\{/.test(body);
  return status < 500 && status !== 401 && status !== 429 && /"error_code":"(111|DCS)/.test(body);
}

const BUSY_CODES = ["111400111", "DCS.4049"];

/** Whether an answer says that the service did nothing, so that even a login may be sent again. */
export function saysNotDone(call: Call, status: number | undefined, body: string): boolean {
  if (status === 429) return true;
  if (call === "cas.login") return false;
  // After a 401, other credentials are tried.
  return status === 401 || (status === 400 && BUSY_CODES.some((code) => body.includes(code)));
}
