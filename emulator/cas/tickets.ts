import { randomBytes } from "node:crypto";

/** Makes ids as CAS does: kind, running number, random part, host. */
export class TicketIds {
  private last = 0;

  next(kind: "TGT" | "ST" | "LT" | "LC"): string {
    this.last += 1;
    return `${kind}-${this.last}-${randomBytes(24).toString("hex")}-cas`;
  }
}
