import assert from "node:assert/strict";
import type { dynamic } from "@pulumi/pulumi";
import { assertNoSecret, assertNoStack, assertReadable } from "./invariants";
import { isBlind } from "./schedule";
import type { World } from "./world";

/** How a resource stands when the program is run again. */
interface Standing {
  /** Its args are as they were, and it was made by a log-in that worked. */
  same: boolean;
  adopts: boolean;
  open: boolean;
}

/** Says of each verb's outcome whether it is right, given what the server counts. */
export class Judge {
  /** Nothing goes wrong in this step, so that the outcome must be as the server's count says. */
  calm = false;

  constructor(private readonly world: World) {}

  diffed(diff: dynamic.DiffResult, { same, adopts, open }: Standing): void {
    assertNoSecret(this.world, "diff", [JSON.stringify(diff)]);
    const replaces = Boolean(diff.replaces?.length);
    if (adopts) assert.ok(!replaces, "diff replaces an adopted session");
    if (!same || adopts) return;
    if (replaces) assert.ok(!open, "diff replaces a live session");
    const asked = this.canAsk && this.world.schedule.reopenWhenExpired;
    if (asked && !diff.changes) assert.ok(open, "diff keeps a dead session");
  }

  created(adopts: boolean, open: boolean): void {
    if (!adopts || this.canAsk) assert.ok(open, "create resolved with a dead session");
  }

  /** `possible`: a create to which nothing happens would have worked. */
  rejected(error: unknown, possible: boolean): void {
    assertReadable(this.world, "create", error);
    assert.ok(!(this.calm && possible), `a create without faults failed: ${error}`);
  }

  wasRead(dropped: boolean, open: boolean): void {
    if (dropped) assert.ok(!open, "read dropped a live session");
    else if (this.canAsk) assert.ok(open, "read kept a dead session");
  }

  deleted(open: boolean): void {
    assert.ok(!open, "delete resolved and the session is open");
  }

  notDeleted(error: unknown): void {
    assertReadable(this.world, "delete", error);
    assertNoStack("delete", error);
  }

  private get canAsk(): boolean {
    return this.calm && !isBlind(this.world.schedule);
  }
}

/** For verbs that must not reject, whatever the server does. */
export function never<T>(verb: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => assert.fail(`${verb} rejected: ${error}`));
}
