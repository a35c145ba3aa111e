import type { dynamic } from "@pulumi/pulumi";
import { type CheckCall, type CheckKnown, checkArguments } from "../check/checkArguments";
import { Settings } from "../config/settings";
import type { ResourceName } from "../definitions";
import { Runtime } from "./runtime";
import { SessionError } from "./sessionError";

/** What the life of every resource needs of this run: its settings, and what its process knows. */
export abstract class ResourceLifecycle {
  protected settings: Settings;

  constructor(protected readonly runtime = new Runtime()) {
    this.settings = new Settings(undefined, process.env, runtime.discovery);
  }

  // The host may call another verb before it has awaited this: it takes effect at once.
  async configure({ config }: dynamic.ConfigureRequest): Promise<void> {
    this.settings = new Settings(config, process.env, this.runtime.discovery);
  }

  protected async checkArguments<Inputs extends object>(
    resource: ResourceName,
    call: Pick<CheckCall, "olds" | "news" | "options">,
    checkKnown: CheckKnown<Inputs>,
  ): Promise<dynamic.CheckResult<Inputs>> {
    const { settings, runtime } = this;
    try {
      return await checkArguments(resource, { ...call, settings, timeouts: runtime.timeouts }, checkKnown);
    } catch (error) {
      throw SessionError.from(`Could not check the ${resource}`, error);
    }
  }
}
