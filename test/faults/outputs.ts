import { AsyncLocalStorage } from "node:async_hooks";
import { format } from "node:util";
import debug from "debug";

const sink = new AsyncLocalStorage<string[]>();

/** Turns on the provider's debug log, and sends it and the console to the life that is running. */
export function captureOutputs(): () => void {
  const { log } = debug;
  const { error } = console;
  const collect = (...args: unknown[]) => void sink.getStore()?.push(format(...args));
  debug.log = collect;
  console.error = collect;
  const enabled = debug.disable();
  debug.enable("huaweicloud-sessions:*,-huaweicloud-sessions:emulator");
  return () => {
    debug.log = log;
    console.error = error;
    debug.enable(enabled);
  };
}

/** Runs a life whose output goes to `lines`. */
export function collecting<T>(lines: string[], work: () => Promise<T>): Promise<T> {
  return sink.run(lines, work);
}

/** Everything that an error shows to whoever prints it. */
export function shownBy(error: unknown): string[] {
  if (!(error instanceof Error)) return [format(error)];
  const reasons = "reasons" in error ? [format(error.reasons)] : [];
  return [error.message, error.stack ?? "", String(error), ...reasons];
}

/** As much of a secret as tells anything: half of one that a message cuts off is a leak as well. */
const TELLING = 10;

export function secretIn(text: string, secrets: Iterable<string>): string | undefined {
  for (const secret of secrets) {
    const [start, end] = [secret.slice(0, TELLING), secret.slice(-TELLING)];
    for (const piece of [start, end, encodeURIComponent(start)]) if (text.includes(piece)) return piece;
  }
  return undefined;
}
