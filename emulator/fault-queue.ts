import { parseFault } from "./fault-parser";
import type { Fault, FaultAction } from "./faults";
import type { Reply } from "./http";

/** The answer of a fault that has one. */
export function faultReply(action: FaultAction): Reply | undefined {
  if (action.status === undefined) {
    return undefined;
  }
  const { status, body, headers } = action;
  if (body === undefined || typeof body === "string") {
    return { status, headers, body };
  }
  return { status, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** The faults that wait for their calls. */
export class Faults {
  private waiting: { readonly fault: Required<Fault>; left: number }[] = [];

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
    if (!entry) {
      return undefined;
    }
    entry.left -= 1;
    if (entry.left === 0) {
      this.waiting.splice(this.waiting.indexOf(entry), 1);
    }
    return entry.fault.do;
  }
}
