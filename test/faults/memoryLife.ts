import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { TIMEOUTS } from "../../provider/api/deadline";
import { configRequest } from "../support/lifecycles";
import type { Choices } from "./choices";
import {
  assertDeletesHaveCreates,
  assertKeysKept,
  assertNoSessionLeft,
  assertRefusedCredentialsRest,
  assertRejectedPasswordsRest,
  assertSilenceAfterLogout,
} from "./invariants";
import type { MemoryWorld } from "./memoryWorld";
import { type Arguments, Host, type Unit, unitOf } from "./program";
import type { Operation, Script } from "./scripts";

const RENEWAL_INTERVAL = 120_000;

/** One life of a script, whose answers are chosen. */
export class MemoryLife {
  private host: Host;
  private readonly units: readonly Unit[];
  private version = 0;

  constructor(
    private readonly world: MemoryWorld,
    private readonly script: Script,
    private readonly choices: Choices,
  ) {
    this.host = this.newHost(script.access);
    this.units = Array.from({ length: world.units }, (_, unit) =>
      unitOf(script.kind, world, () => this.host, this.argumentsOf(unit)),
    );
  }

  /** Honest up to one of its operations, and after the sequence. */
  async run(from: number): Promise<void> {
    for (const [at, operation] of this.script.operations.entries()) {
      this.choices.isOpen = at >= from;
      this.choices.beginOperation();
      await this.operate(operation);
      this.assertInvariants();
    }
    this.choices.isOpen = false;
    this.choices.beginOperation();
    // Nothing is under way here, between two operations.
    void this.host.end();
    this.host = this.newHost("keys");
    await this.all((unit) => unit.destroy());
    this.assertInvariants();
    const left = this.world.open().filter((id) => !this.abandoned.includes(id));
    // Refusals of a wrong clock that nobody saw, because each answer was replaced or lost, lock a key. Those that the
    // client saw are counted by `assertRefusedCredentialsRest`.
    if (!this.world.isKeyLocked) assertNoSessionLeft(this.world.exchanges, left);
  }

  private async operate(operation: Operation): Promise<void> {
    if (operation === "expire") this.world.expireSessions();
    else if (operation === "set clock forward") this.world.stepClock(12 * 3_600_000);
    else if (operation === "set clock back") this.world.stepClock(-13 * 3_600_000);
    else if (operation === "pass time")
      await this.world.inTime(operation, () => wait(2.5 * RENEWAL_INTERVAL));
    else if (operation === "read") await this.all((unit) => unit.refresh());
    else if (operation === "delete") await this.all((unit) => unit.destroy());
    else {
      if (operation === "replace") this.version += 1;
      await this.all((unit) => unit.up(this.version));
    }
  }

  private async all(work: (unit: Unit) => Promise<unknown>): Promise<void> {
    await Promise.all(this.units.map(work));
  }

  private get abandoned(): string[] {
    return this.units.flatMap(({ abandoned }) => abandoned);
  }

  private assertInvariants(): void {
    const { exchanges, overlaps, sent, units } = this.world;
    assert.ok(!overlaps, "two requests of one session were under way at once");
    const held = this.units.flatMap((unit) => unit.held);
    assertKeysKept(exchanges, this.world.open(), new Set([...held, ...this.abandoned]));
    assertRefusedCredentialsRest(exchanges, { mayOverlap: units > 1 });
    assertRejectedPasswordsRest(sent);
    const mayRepeatLogout = this.script.kind === "WebCliCommand";
    assertSilenceAfterLogout(exchanges, { adopted: new Set(), mayRepeatLogout });
    assertDeletesHaveCreates(exchanges);
  }

  private newHost(access: Script["access"] = "keys"): Host {
    this.world.process += 1;
    const [{ accessKey, secretKey, authToken }] = this.world.emulators;
    const config = configRequest(
      access === "token"
        ? { "huaweicloud-sessions:authToken": authToken }
        : {
            "huaweicloud-sessions:accessKey": access === "keys" ? accessKey : "WRONGACCESSKEY",
            "huaweicloud-sessions:secretKey": secretKey,
          },
    );
    const interval = this.script.renews ? RENEWAL_INTERVAL : 2 ** 30;
    return new Host(TIMEOUTS, interval, (provider) => void provider.configure(config));
  }

  private argumentsOf(unit: number): Arguments {
    const { emulators, places } = this.world;
    const [{ redisPassword, username, password }] = emulators;
    const { service } = this.script;
    return {
      reopenWhenExpired: true,
      webCli: {
        endpoint: "http://127.0.0.1",
        ...(places[unit % places.length] ?? places[0]),
        password: redisPassword,
      },
      cas: { casUrl: "http://127.0.0.1/cas", username, password, service },
    };
  }
}
