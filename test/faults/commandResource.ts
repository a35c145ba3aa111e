import assert from "node:assert/strict";
import type { dynamic } from "@pulumi/pulumi";
import type { CommandInputs, CommandState } from "../../provider/lifecycle/commandInputs";
import type { Exchange } from "./exchange";
import { holds, type Kept, type Outcome, type Provider, Resource, type World } from "./resource";

/** A WebCliCommand. Each of its commands is a text of its own, so that the server's books tell them apart. */
class CommandResource extends Resource<CommandInputs, CommandState> {
  /** Sessions of deletes whose logout failed: a delete that rejects can't keep anything in state. */
  readonly abandoned: string[] = [];

  protected sessionsOf({ unclosedClientId }: CommandState): (string | undefined)[] {
    return [unclosedClientId];
  }

  protected judgeDiff(
    kept: Kept<CommandInputs, CommandState>,
    inputs: CommandInputs,
    diff: dynamic.DiffResult,
  ): void {
    const isSame = kept.inputs.create === inputs.create && kept.inputs.delete === inputs.delete;
    const replaces = Boolean(diff.replaces?.length);
    assert.equal(
      replaces,
      !isSame || kept.state.unfinished === true,
      "a command runs again exactly where it changed",
    );
  }

  protected judgeCreate(
    inputs: CommandInputs,
    outcome: Outcome<CommandState>,
    sent: readonly Exchange[],
  ): void {
    const runs = count(sent, inputs.create);
    assert.ok(runs <= 1, `a command ran ${runs} times`);
    if ("value" in outcome) {
      assert.equal(runs, 1, "create resolved, and its command did not run");
      this.assertClosed(sent);
    } else {
      const isPossible =
        inputs.clientId === undefined ? this.world.canLogIn(this.project) : this.isOpen(inputs.clientId);
      assert.ok(!(this.isCalm && isPossible), `a create without faults failed: ${outcome.error}`);
    }
  }

  protected judgeDelete(
    { state }: Kept<CommandInputs, CommandState>,
    outcome: Outcome<void>,
    sent: readonly Exchange[],
  ): void {
    const runs = count(sent, state.delete);
    assert.ok(runs <= (state.unfinished ? 0 : 1), `a delete command ran ${runs} times`);
    if ("error" in outcome) {
      assert.ok(!this.isCalm, `a delete without faults failed: ${outcome.error}`);
      this.noteAbandoned(sent);
      return;
    }
    const cannotRun =
      !this.world.instanceExists(this.project) ||
      (state.clientId !== undefined && !this.isOpen(state.clientId));
    const isNothingToDo = state.unfinished || state.delete === undefined;
    assert.ok(runs === 1 || cannotRun || isNothingToDo, "delete resolved, and its command did not run");
    assert.ok(!this.isOpen(state.unclosedClientId), "delete resolved, and a session is open");
    this.assertClosed(sent);
  }

  private noteAbandoned(sent: readonly Exchange[]): void {
    for (const { opened, keyArrived } of sent) {
      if (opened === undefined || !keyArrived || !this.isOpen(opened)) continue;
      // Without credentials that work, it can't be tried.
      const isTried = sent.some(
        ({ call, key, status }) => (call === "webcli.logout" && key === opened) || status === 401,
      );
      if (isTried) this.abandoned.push(opened);
    }
  }

  /** A command with a session of its own leaves none open. */
  private assertClosed(sent: readonly Exchange[]): void {
    if (this.world.units > 1) return;
    const left = sent.filter(({ opened, keyArrived }) => keyArrived && this.isOpen(opened));
    assert.deepEqual(left, [], "a command succeeded, and its session is open");
  }
}

function count(sent: readonly Exchange[], command: string | undefined): number {
  return sent.filter((one) => one.performed && one.command !== undefined && one.command === command).length;
}

export function commandResource(
  world: World,
  provider: () => Provider<CommandInputs, CommandState>,
  project: string,
) {
  return new CommandResource(
    world,
    provider,
    (value): value is CommandState => holds(value, "create"),
    project,
  );
}
