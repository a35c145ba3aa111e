import assert from "node:assert/strict";
import type { dynamic } from "@pulumi/pulumi";
import type { CommandInputs, CommandState } from "../../provider/lifecycle/commandInputs";
import { type Kept, Resource, type Sent } from "./resource";

/** A WebCliCommand. Each of its commands is a text of its own, so that the server's books tell them apart. */
export class CommandResource extends Resource<CommandInputs, CommandState> {
  /** Sessions of deletes whose logout failed: a delete that rejects can't keep anything in state. */
  readonly abandoned: string[] = [];

  protected keyIn({ unclosedClientId }: CommandState): string | undefined {
    return unclosedClientId;
  }

  protected isState(value: object): value is CommandState {
    return "create" in value;
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
    const undoes = replaces && kept.state.delete !== undefined;
    assert.ok(!undoes || diff.deleteBeforeReplace, "a command's replacement runs before its delete");
  }

  protected canCreate({ clientId }: CommandInputs): boolean {
    return clientId === undefined ? this.world.canLogIn(this.project) : this.isOpen(clientId);
  }

  protected judgeCreate({ create }: CommandInputs, state: CommandState | undefined, sent: Sent): void {
    const runs = count(sent, create);
    assert.ok(runs <= 1, `a command ran ${runs} times`);
    if (!state) return;
    assert.equal(runs, 1, "create resolved, and its command did not run");
    this.assertClosed(sent);
  }

  protected judgeDelete(state: CommandState, resolved: boolean, sent: Sent): void {
    const runs = count(sent, state.delete);
    assert.ok(runs <= (state.unfinished ? 0 : 1), `a delete command ran ${runs} times`);
    if (!resolved) {
      this.noteAbandoned(sent);
      return;
    }
    const isGone = state.clientId !== undefined && !this.isOpen(state.clientId);
    const cannotRun = !this.world.instanceExists(this.project) || isGone;
    const isNothingToDo = state.unfinished || state.delete === undefined;
    assert.ok(runs === 1 || cannotRun || isNothingToDo, "delete resolved, and its command did not run");
    assert.ok(!this.isOpen(state.unclosedClientId), "delete resolved, and a session is open");
    this.assertClosed(sent);
  }

  private noteAbandoned(sent: Sent): void {
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
  private assertClosed(sent: Sent): void {
    if (this.world.setting.units > 1) return;
    const left = sent.filter(({ opened, keyArrived }) => keyArrived && this.isOpen(opened));
    assert.deepEqual(left, [], "a command succeeded, and its session is open");
  }
}

function count(sent: Sent, command: string | undefined): number {
  return sent.filter((one) => one.performed && one.command !== undefined && one.command === command).length;
}
