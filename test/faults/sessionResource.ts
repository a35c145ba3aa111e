import assert from "node:assert/strict";
import type { dynamic } from "@pulumi/pulumi";
import type { CasInputs, CasState } from "../../provider/lifecycle/casSession";
import type { WebCliInputs, WebCliState } from "../../provider/lifecycle/webCliSession";
import { holds, type Kept, type Outcome, type Provider, Resource, type World } from "./resource";

interface SessionArguments {
  reopenWhenExpired?: boolean;
}

/** A WebCliSession or a CasSession. */
class SessionResource<Inputs extends SessionArguments, State extends object> extends Resource<Inputs, State> {
  constructor(
    world: World,
    provider: () => Provider<Inputs, State>,
    isState: (value: unknown) => value is State,
    project: string,
    /** The session's name on the server. */
    private readonly sessionOf: (state: State) => string,
    private readonly adoptedBy: (inputs: Inputs) => string | undefined,
  ) {
    super(world, provider, isState, project);
  }

  /** The state of the session that the program uses. */
  get state(): State | undefined {
    return this.current?.state;
  }

  async refresh(): Promise<void> {
    const kept = this.current;
    if (!kept) return;
    const { outcome } = await this.watch("read", async () => this.provider().read?.(kept.id, kept.state));
    if ("error" in outcome) assert.fail(`read rejected: ${outcome.error}`);
    const isOpen = this.isOpen(this.sessionOf(kept.state));
    if (outcome.value?.id === undefined) {
      assert.ok(!isOpen, "read dropped a live session");
      this.current = undefined;
    } else if (this.isCalm && this.world.canTell) {
      assert.ok(isOpen, "read kept a dead session");
    }
  }

  protected sessionsOf(state: State): string[] {
    return [this.sessionOf(state)];
  }

  protected judgeDiff(kept: Kept<Inputs, State>, inputs: Inputs, diff: dynamic.DiffResult): void {
    const replaces = Boolean(diff.replaces?.length);
    const isOpen = this.isOpen(this.sessionOf(kept.state));
    const adopts = this.adoptedBy(inputs) !== undefined;
    if (adopts) assert.ok(!replaces, "diff replaces an adopted session");
    if (adopts || kept.unfinished || JSON.stringify(kept.inputs) !== JSON.stringify(inputs)) return;
    if (replaces) assert.ok(!isOpen, "diff replaces a live session");
    const asks = this.isCalm && this.world.canTell && inputs.reopenWhenExpired !== false;
    if (asks && !diff.changes) assert.ok(isOpen, "diff keeps a dead session");
  }

  protected judgeCreate(inputs: Inputs, outcome: Outcome<State>): void {
    const { isCalm, world, project } = this;
    const adopted = this.adoptedBy(inputs);
    if ("value" in outcome) {
      const mustLive = adopted === undefined || (isCalm && world.canTell);
      if (mustLive)
        assert.ok(this.isOpen(this.sessionOf(outcome.value)), "create resolved with a dead session");
    } else {
      const isPossible = adopted === undefined ? world.canLogIn(project) : this.isOpen(adopted);
      assert.ok(!(isCalm && isPossible), `a create without faults failed: ${outcome.error}`);
    }
  }

  protected judgeDelete({ state }: Kept<Inputs, State>, outcome: Outcome<void>): void {
    if ("value" in outcome)
      assert.ok(!this.isOpen(this.sessionOf(state)), "delete resolved, and the session is open");
    else assert.ok(!this.isCalm, `a delete without faults failed: ${outcome.error}`);
  }
}

export function webCliResource(
  world: World,
  provider: () => Provider<WebCliInputs, WebCliState>,
  project: string,
) {
  const isState = (value: unknown): value is WebCliState => holds(value, "clientId");
  return new SessionResource(
    world,
    provider,
    isState,
    project,
    ({ clientId }) => clientId,
    ({ clientId }) => clientId,
  );
}

export function casResource(world: World, provider: () => Provider<CasInputs, CasState>) {
  const isState = (value: unknown): value is CasState => holds(value, "ticketGrantingCookie");
  const valueIn = (cookie: string) => cookie.slice(cookie.indexOf("=") + 1);
  return new SessionResource(
    world,
    provider,
    isState,
    "",
    ({ ticketGrantingCookie }) => valueIn(ticketGrantingCookie),
    ({ ticketGrantingCookie }) => ticketGrantingCookie && valueIn(ticketGrantingCookie),
  );
}
