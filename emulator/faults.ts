export const faultTargets = [
  "webcli.auth",
  "webcli.command",
  "webcli.logout",
  "cas.form",
  "cas.login",
  "cas.probe",
  "cas.logout",
] as const;

/** A call that faults can be injected into. `cas.form` is GET /cas/login without a session cookie, `cas.probe` with one. */
export type FaultTarget = (typeof faultTargets)[number];

/** What happens instead of, before or after the work. */
export interface FaultAction {
  /** HTTP status, 200 to 599, to answer without doing the work. @default 200 if there is a body or headers */
  readonly status?: number;
  /** Body to answer: text as it is, anything else as JSON. @default empty */
  readonly body?: unknown;
  /** Headers to answer. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds to wait before anything else. @default 0 */
  readonly delayMs?: number;
  /** Cut the connection before the work, or after it in place of the answer. @default no cut */
  readonly drop?: "before" | "after";
}

/** A fault to inject. Faults with the same `on` are used up in the order they came. */
export interface Fault {
  /** The call that it strikes. */
  readonly on: FaultTarget;
  /** How many calls it strikes. @default 1 */
  readonly times?: number;
  /** What it does to them: an answer, a cut, or only a delay. */
  readonly do: FaultAction;
}
