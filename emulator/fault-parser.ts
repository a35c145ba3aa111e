import { type Fault, type FaultAction, type FaultTarget, faultTargets } from "./faults";
import { type Fields, isFields } from "./http";

/** A fault that can't be injected; the message is a sentence for the user. */
export class BadFault extends Error {}

function refuse(sentence: string): never {
  throw new BadFault(sentence);
}

function isTarget(value: unknown): value is FaultTarget {
  return faultTargets.some((target) => target === value);
}

function optionalInteger(fields: Fields, name: string, min: number, max: number): number | undefined {
  const value = fields[name];
  if (value === undefined) {
    return undefined;
  }
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
    return value;
  }
  return refuse(`"${name}" must be a whole number from ${min} to ${max}.`);
}

function rejectUnknown(fields: Fields, known: readonly string[], where: string): void {
  const unknown = Object.keys(fields).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    refuse(`${where} has no "${unknown}": it takes ${known.join(", ")}.`);
  }
}

function parseHeaders(value: unknown): Record<string, string> | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (!isFields(value)) {
    return refuse('"headers" must be an object of strings.');
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) =>
      typeof text === "string" && /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !/[^\t\x20-\x7e]/.test(text)
        ? [name, text]
        : refuse('"headers" must be an object of strings that HTTP allows in a header.'),
    ),
  );
}

function parseAction(value: unknown): FaultAction {
  if (!isFields(value)) {
    return refuse('"do" must be an object with status, body, headers, delayMs or drop.');
  }
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
    return refuse("A fault either answers or drops the connection, not both.");
  }
  if (drop === undefined && delayMs === undefined && !answers) {
    return refuse('"do" must hold at least one of status, body, headers, delayMs and drop.');
  }
  return { status: status ?? (answers ? 200 : undefined), body, headers, delayMs, drop };
}

/** Checks what somebody sent as a fault. */
export function parseFault(value: unknown): Required<Fault> {
  if (!isFields(value)) {
    return refuse('A fault is a JSON object: {"on", "times"?, "do"}.');
  }
  rejectUnknown(value, ["on", "times", "do"], "A fault");
  if (!isTarget(value.on)) {
    return refuse(`"on" must be one of ${faultTargets.join(", ")}.`);
  }
  const times = optionalInteger(value, "times", 1, Number.MAX_SAFE_INTEGER) ?? 1;
  return { on: value.on, times, do: parseAction(value.do) };
}
