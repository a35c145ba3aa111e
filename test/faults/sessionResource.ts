import assert from "node:assert/strict";
import type { dynamic } from "@pulumi/pulumi";
import type { CasInputs, CasState } from "../../provider/lifecycle/casSession";
import type { WebCliInputs, WebCliState } from "../../provider/lifecycle/webCliSession";
import { type Kept, Resource } from "./resource";

/** A WebCliSession or a CasSession. */
abstract class SessionResource<
  Inputs extends { reopenWhenExpired?: boolean },
  State extends object,
> extends Resource<Inputs, State> {
  protected abstract override keyIn(state: State): string;
  /** The key of the session that the program passes, if it does. */
  protected abstract adoptedBy(inputs: Inputs): string | undefined;

  /** The key of the session that the program uses. */
  get key(): string | undefined {
    return this.current && this.keyIn(this.current.state);
  }

  async refresh(): Promise<void> {
    const kept = this.current;
    if (!kept) return;
    const { outcome } = await this.watch("read", async () => this.provider().read?.(kept.id, kept.state));
    if ("error" in outcome) assert.fail("read rejected");
    const isOpen = this.isOpen(this.keyIn(kept.state));
    if (outcome.value?.id === undefined) {
      assert.ok(!isOpen, "read dropped a live session");
      this.current = undefined;
      return;
    }
    if (this.isCalm && this.world.canTell) assert.ok(isOpen, "read kept a dead session");
    this.current = { ...kept, state: outcome.value.props ?? kept.state };
  }

  protected judgeDiff(kept: Kept<Inputs, State>, inputs: Inputs, diff: dynamic.DiffResult): void {
    const replaces = Boolean(diff.replaces?.length);
    const isOpen = this.isOpen(this.keyIn(kept.state));
    const adopts = this.adoptedBy(inputs) !== undefined;
    if (adopts) assert.ok(!replaces, "diff replaces an adopted session");
    if (adopts || kept.unfinished || JSON.stringify(kept.inputs) !== JSON.stringify(inputs)) return;
    if (replaces) assert.ok(!isOpen, "diff replaces a live session");
    const asks = this.isCalm && this.world.canTell && inputs.reopenWhenExpired !== false;
    if (asks && !diff.changes) assert.ok(isOpen, "diff keeps a dead session");
  }

  protected canCreate(inputs: Inputs): boolean {
    const adopted = this.adoptedBy(inputs);
    return adopted === undefined ? this.world.canLogIn(this.project) : this.isOpen(adopted);
  }

  protected judgeCreate(inputs: Inputs, state: State | undefined): void {
    const mustLive = this.adoptedBy(inputs) === undefined || (this.isCalm && this.world.canTell);
    if (!state || !mustLive) return;
    const key = this.keyIn(state);
    assert.ok(this.world.isAlive(key), "create resolved with a dead session");
    const isOld = "cookieRotates" in state && this.isOpen(key) && !this.world.keys().includes(key);
    assert.ok(!isOld, "create kept a key that its session no longer has");
  }

  protected judgeDelete(state: State, resolved: boolean): void {
    assert.ok(!(resolved && this.isOpen(this.keyIn(state))), "delete resolved, and the session is open");
  }
}

export class WebCliResource extends SessionResource<WebCliInputs, WebCliState> {
  protected keyIn({ clientId }: WebCliState): string {
    return clientId;
  }

  protected adoptedBy({ clientId }: WebCliInputs): string | undefined {
    return clientId;
  }

  protected isState(value: object): value is WebCliState {
    return "clientId" in value;
  }
}

export class CasResource extends SessionResource<CasInputs, CasState> {
  protected keyIn({ ticketGrantingCookie }: CasState): string {
    return valueIn(ticketGrantingCookie);
  }

  protected adoptedBy({ ticketGrantingCookie }: CasInputs): string | undefined {
    return ticketGrantingCookie && valueIn(ticketGrantingCookie);
  }

  protected isState(value: object): value is CasState {
    return "ticketGrantingCookie" in value;
  }
}

function valueIn(cookie: string): string {
  return cookie.slice(cookie.indexOf("=") + 1);
}
