import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import type { Choices } from "./choices";
import { Life } from "./life";
import { type MemoryWorld, RENEWAL_INTERVAL } from "./memoryWorld";
import type { Operation, Script } from "./scripts";

/** One life of a script, whose answers are chosen. */
export class MemoryLife extends Life<MemoryWorld> {
  async live({ operations }: Script, choices: Choices): Promise<void> {
    for (let unit = 0; unit < this.world.setting.units; unit++) this.addUnit(this.world.argumentsOf(unit));
    for (const operation of operations) {
      choices.beginOperation();
      await this.operate(operation);
      this.assertInvariants();
    }
    choices.isOver = true;
    choices.beginOperation();
    await this.end();
  }

  private async operate(operation: Operation): Promise<void> {
    const { world } = this;
    if (operation === "begin process") await this.beginProcess();
    else if (operation === "expire") world.expireSessions();
    else if (operation === "find foreign keys") world.findForeignKeys();
    else if (operation === "drain") world.drain(true);
    else if (operation === "set clock forward") world.stepClock(12 * 3_600_000);
    else if (operation === "set clock back") world.stepClock(-13 * 3_600_000);
    else if (operation === "pass time") await world.inTime(operation, () => wait(2.5 * RENEWAL_INTERVAL));
    else if (operation === "read") await this.run("refresh");
    else if (operation === "delete") await this.run("destroy");
    else await this.run("up", operation === "replace");
  }

  protected override assertInvariants(): void {
    assert.ok(!this.world.overlaps, "two requests of one session were under way at once");
    super.assertInvariants();
  }
}
