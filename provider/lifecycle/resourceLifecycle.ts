import type { dynamic } from "@pulumi/pulumi";
import { Deadline, type OperationOptions } from "../api/deadline";
import { type CheckCall, type Checker, checkArguments } from "../check/checkArguments";
import { problemInState } from "../check/checkState";
import type { ResourceName } from "../definitions";
import { Runtime } from "./runtime";
import { SessionError } from "./sessionError";

/** What the life of every resource has in common. */
export abstract class ResourceLifecycle<State extends object> {
  constructor(
    private readonly resource: ResourceName,
    protected readonly runtime = new Runtime(),
  ) {}

  // The host may call another verb before it has awaited this: it takes effect at once.
  async configure({ config }: dynamic.ConfigureRequest): Promise<void> {
    this.runtime.configure(config);
  }

  protected async checkArguments(
    call: Pick<CheckCall, "olds" | "news" | "options">,
    checker: Checker,
  ): Promise<dynamic.CheckResult> {
    try {
      return await checkArguments(this.resource, { ...call, runtime: this.runtime }, checker);
    } catch (error) {
      throw SessionError.from(`Could not check the ${this.resource}`, error);
    }
  }

  /** The time of one verb of the engine. */
  protected operation(options?: OperationOptions): Deadline {
    return new Deadline(`working on the ${this.resource}`, this.runtime.timeouts, options);
  }

  /** What a verb takes from state is checked before anything is sent. */
  protected requireState(state: object, defaults: Partial<State> = {}): asserts state is State {
    const problem = problemInState(this.resource, { ...defaults, ...state });
    if (problem === undefined) return;
    throw new SessionError(
      `Could not use the state of the ${this.resource}`,
      `${problem}, so nothing was sent`,
      "Restore the stack's state from a backup or an earlier version, or remove the resource with `pulumi state delete URN`; " +
        "a session that is still open then lasts until its idle timeout.",
    );
  }
}
