import { type Fields, isFields, json, type Reply } from "./http";

const faultTargets = [
  "webcli.auth",
  "webcli.command",
  "webcli.logout",
  "cas.form",
  "cas.login",
  "cas.probe",
  "cas.logout",
  "iam.projects",
  "iam.idToken",
  "iam.securityTokens",
  "metadata.token",
  "metadata.securityKey",
] as const;

/** A call that faults can be injected into. `cas.form` is GET /cas/login without a session cookie, `cas.probe` with one. */
export type FaultTarget = (typeof faultTargets)[number];

/** What happens instead of, before or after the work. */
export interface FaultAction {
  /** HTTP status, 200 to 599, to answer without doing the work. @default 200 if there is a body or headers */
  status?: number;
  /** Body to answer: text as it is, anything else as JSON. @default empty */
  body?: unknown;
  /** Headers to answer. @default none */
  headers?: Readonly<Record<string, string>>;
  /** Milliseconds to wait before anything else. @default 0 */
  delayMs?: number;
  /** Cut the connection before the work, or after it in place of the answer. @default no cut */
  drop?: "before" | "after";
}

/** A fault to inject. Faults with the same `on` are used up in the order they came. */
export interface Fault {
  /** The call that it strikes. */
  on: FaultTarget;
  /** How many calls it strikes. @default 1 */
  times?: number;
  /** What it does to them: an answer, a cut, or only a delay. */
  do: FaultAction;
}

/** A fault that can't be injected; the message is a sentence for the user. */
export class BadFault extends Error {}

/** The faults that wait for their calls. */
export class Faults {
  private waiting: { readonly fault: Fault; left: number }[] = [];

  add(value: unknown): void {
    const fault = parseFault(value);
    this.waiting.push({ fault, left: fault.times });
  }

  clear(): void {
    this.waiting = [];
  }

  /** The fault that strikes this call, if any; it counts as used. */
  take(on: string): FaultAction | undefined {
    const entry = this.waiting.find(({ fault }) => fault.on === on);
    if (!entry) return undefined;
    entry.left -= 1;
    if (entry.left === 0) this.waiting.splice(this.waiting.indexOf(entry), 1);
    return entry.fault.do;
  }
}

/** The answer of a fault that has one. */
export function faultReply({ status, body, headers }: FaultAction): Reply | undefined {
  if (status === undefined) return undefined;
  if (body === undefined || typeof body === "string") return { status, headers, body };
  const reply = json(status, body);
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function refuse(sentence: string): never {
  throw new BadFault(sentence);
}

function parseFault(value: unknown): Required<Fault> {
  if (!isFields(value)) return refuse('A fault must be a JSON object: {"on", "times"?, "do"}.');
  rejectUnknown(value, ["on", "times", "do"], "A fault");
  const on = faultTargets.find((target) => target === value.on);
  if (on === undefined) return refuse(`"on" must be one of ${faultTargets.join(", ")}.`);
  const times = optionalInteger(value, "times", 1, Number.MAX_SAFE_INTEGER) ?? 1;
  return { on, times, do: parseAction(value.do) };
}

function parseAction(value: unknown): FaultAction {
  if (!isFields(value)) return refuse('"do" must be an object with status, body, headers, delayMs or drop.');
  rejectUnknown(value, ["status", "body", "headers", "delayMs", "drop"], '"do"');
  const status = optionalInteger(value, "status", 200, 599);
  const delayMs = optionalInteger(value, "delayMs", 0, 2 ** 31 - 1);
  const headers = parseHeaders(value.headers);
  const { body, drop } = value;
  if (drop !== undefined && drop !== "before" && drop !== "after") {
    return refuse('"drop" must be "before" or "after".');
  }
  const answers = status !== undefined || body !== undefined || headers !== undefined;
  if (drop !== undefined && answers) {
    return refuse("A fault can either answer or drop the connection, not both.");
  }
  if (drop === undefined && delayMs === undefined && !answers) {
    return refuse('"do" must have at least one of status, body, headers, delayMs and drop.');
  }
  return { status: status ?? (answers ? 200 : undefined), body, headers, delayMs, drop };
}

function parseHeaders(value: unknown): Record<string, string> | undefined {
  if (value === undefined) return undefined;
  if (!isFields(value)) return refuse('"headers" must be an object of strings.');
  const isValid = (name: string, content: unknown): content is string =>
    typeof content === "string" && /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !/[^\t\x20-\x7e]/.test(content);
  const entries = Object.entries(value).map(([name, content]): [string, string] =>
    isValid(name, content)
      ? [name, content]
      : refuse('"headers" must be an object of strings that HTTP allows in a header.'),
  );
  return Object.fromEntries(entries);
}

function optionalInteger(fields: Fields, name: string, min: number, max: number): number | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  return refuse(`"${name}" must be a whole number from ${min} to ${max}.`);
}

function rejectUnknown(fields: Fields, known: readonly string[], where: string): void {
  const unknown = Object.keys(fields).find((key) => !known.includes(key));
  if (unknown !== undefined) refuse(`${where} has no property "${unknown}". It takes ${known.join(", ")}.`);
}
