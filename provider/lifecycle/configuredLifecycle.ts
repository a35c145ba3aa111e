import type { dynamic } from "@pulumi/pulumi";
import { TIMEOUTS } from "../api/deadline";
import { type CheckCall, type CheckKnown, checkArguments } from "../check/checkArguments";
import { Discovery } from "../config/discovery";
import { Settings } from "../config/settings";
import type { ResourceName } from "../definitions";
import { renewals as sharedRenewals } from "./renewals";
import { SessionError } from "./sessionError";

/** What the life of every resource needs of this run: its settings, its time limits, and its renewals. */
export abstract class ConfiguredLifecycle {
  protected settings: Settings;

  constructor(
    protected readonly timeouts = TIMEOUTS,
    protected readonly renewals = sharedRenewals,
    private readonly discovery = new Discovery(),
  ) {
    this.settings = new Settings(undefined, process.env, discovery);
  }

  // The host may call another verb before it has awaited this: it takes effect at once.
  async configure({ config }: dynamic.ConfigureRequest): Promise<void> {
    this.settings = new Settings(config, process.env, this.discovery);
  }

  protected async checkArguments<Inputs extends object>(
    resource: ResourceName,
    call: Pick<CheckCall, "olds" | "news" | "options">,
    checkKnown: CheckKnown<Inputs>,
  ): Promise<dynamic.CheckResult<Inputs>> {
    const { settings, timeouts } = this;
    try {
      return await checkArguments(resource, { ...call, settings, timeouts }, checkKnown);
    } catch (error) {
      throw SessionError.from(`Could not check the ${resource}`, error);
    }
  }
}
