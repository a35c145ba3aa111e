import assert from "node:assert/strict";
import type { Arguments, Host } from "./host";
import {
  assertDeletesHaveCreates,
  assertKeysKept,
  assertNotSentWith,
  assertRefusedCredentialsRest,
  assertRejectedPasswordsRest,
  assertServerTimeKept,
  assertSilenceAfterLogout,
} from "./invariants";
import { Unit } from "./program";
import { FOREIGN_TOKEN, type World } from "./world";

/** What the engine does with the resources of a program. */
export type Verb = "up" | "refresh" | "destroy";

/** A program among the services of a world. Whatever these do, its end is honest, and leaves no session. */
export class Life<In extends World> {
  protected host: Host;
  protected readonly units: Unit[] = [];
  private version = 0;
  /** The keys of sessions that the program has opened by itself, for its resources to adopt. */
  protected readonly adopted = new Set<string>();

  constructor(protected readonly world: In) {
    this.host = world.newHost();
  }

  protected addUnit(args: Arguments): void {
    this.units.push(new Unit(this.world, () => this.host, args));
  }

  protected async run(verb: Verb, isChanged = false): Promise<void> {
    if (isChanged) this.version += 1;
    await Promise.all(this.units.map((unit) => (verb === "up" ? unit.up(this.version) : unit[verb]())));
  }

  protected async beginProcess(): Promise<void> {
    await this.world.inTime("the end of a process", () => this.host.end());
    this.host = this.world.newHost([...this.units.flatMap(({ keys }) => keys), ...this.adopted]);
  }

  protected async end(): Promise<void> {
    this.world.calmDown();
    await this.beginProcess();
    await this.run("destroy");
    this.assertInvariants();
    const left = this.world.open().filter((session) => !this.excused.includes(session));
    assert.deepEqual(left, [], "sessions are left at the end");
    await this.host.end();
  }

  /** The sessions in state. */
  protected get held(): string[] {
    return this.units.flatMap(({ keys }) => keys).map((key) => this.world.sessionOf(key));
  }

  /** Open sessions that no state has to hold. */
  protected get excused(): string[] {
    return this.units.flatMap(({ abandoned }) => abandoned);
  }

  protected assertInvariants(): void {
    const { exchanges, sent, setting, mayOverlap } = this.world;
    assertKeysKept(this.world.open(), [...this.held, ...this.excused]);
    assertRefusedCredentialsRest(exchanges, { mayOverlap });
    if (!mayOverlap) assertServerTimeKept(exchanges);
    assertNotSentWith(FOREIGN_TOKEN, exchanges);
    assertRejectedPasswordsRest(sent);
    const mayRepeatLogout = setting.kind === "WebCliCommand";
    assertSilenceAfterLogout(exchanges, { adopted: this.adopted, mayRepeatLogout });
    assertDeletesHaveCreates(exchanges);
  }
}
