import type { Timeouts } from "../../provider/api/deadline";
import { lifecyclesIn } from "../../provider/lifecycle/lifecycles";
import { type Renewable, Renewals } from "../../provider/lifecycle/renewals";
import { Runtime } from "../../provider/lifecycle/runtime";
import type { WebCliCommandLifecycle } from "../../provider/lifecycle/webCliCommand";

/** Renewals of a process that can be waited for. */
class HostRenewals extends Renewals {
  private readonly pending = new Set<Promise<unknown>>();

  override start(id: string, session: Renewable): void {
    const probe = async () => {
      const asked = session.probe();
      this.pending.add(asked);
      return asked.finally(() => this.pending.delete(asked));
    };
    super.start(id, { ...session, probe });
  }

  /** Resolves once nothing is renewed any more. */
  async end(): Promise<void> {
    this.cancel();
    await Promise.allSettled(this.pending);
  }
}

type Configurable = Pick<WebCliCommandLifecycle, "configure">;

/** The code that one Pulumi operation runs: sessions are renewed until it ends. */
export class Host {
  private readonly renewals: HostRenewals;
  readonly webCli;
  readonly cas;
  readonly command;

  constructor(timeouts: Timeouts, renewalInterval: number, configure: (provider: Configurable) => void) {
    this.renewals = new HostRenewals(renewalInterval);
    const lifecycles = lifecyclesIn(new Runtime({ timeouts, renewals: this.renewals }));
    this.webCli = lifecycles.WebCliSession;
    this.cas = lifecycles.CasSession;
    this.command = lifecycles.WebCliCommand;
    for (const provider of [this.webCli, this.cas, this.command]) configure(provider);
  }

  /** The process ends, and what it had under way. */
  end(): Promise<void> {
    return this.renewals.end();
  }
}

/** What a program is made of, beside what its operations change. */
export interface Arguments {
  reopenWhenExpired: boolean;
  webCli: { endpoint: string; projectId: string; instanceId: string; password: string };
  cas: { casUrl: string; username: string; password: string; service?: string };
  /** The session that the resource adopts, instead of logging in. */
  adopted?: string;
}
