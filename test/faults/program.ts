import { randomBytes } from "node:crypto";
import type { Timeouts } from "../../provider/api/deadline";
import { lifecyclesIn } from "../../provider/lifecycle/lifecycles";
import { type Renewable, Renewals } from "../../provider/lifecycle/renewals";
import { Runtime } from "../../provider/lifecycle/runtime";
import type { WebCliCommandLifecycle } from "../../provider/lifecycle/webCliCommand";
import { commandResource } from "./commandResource";
import type { World } from "./resource";
import { casResource, webCliResource } from "./sessionResource";

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

type Configurable = Pick<WebCliCommandLifecycle, "configure">;

export const KINDS = ["WebCliSession", "CasSession", "WebCliCommand in a session", "WebCliCommand"] as const;
export type Kind = (typeof KINDS)[number];

/** What a program is made of, beside what its operations change. */
export interface Arguments {
  reopenWhenExpired: boolean;
  webCli: { endpoint: string; projectId: string; instanceId: string; password: string };
  cas: { casUrl: string; username: string; password: string; service?: string };
  /** The session that each resource adopts, instead of logging in. */
  adopted?: string;
}

/** One resource of a program, or a command with its session, as the engine runs them. */
export interface Unit {
  up(version: number): Promise<void>;
  refresh(): Promise<void>;
  destroy(): Promise<boolean>;
  /** Makes the states what release 0.1.0 would have kept. */
  ageStates(): void;
  readonly held: string[];
  /** The sessions that nobody can keep: see `CommandResource`. */
  readonly abandoned: readonly string[];
  /** How many operations may have logged in so far. */
  readonly operations: number;
}

export function unitOf(kind: Kind, world: World, host: () => Host, args: Arguments): Unit {
  if (kind === "CasSession") return casUnit(world, host, args);
  if (kind === "WebCliSession") return webCliUnit(world, host, args);
  return kind === "WebCliCommand" ? commandUnit(world, host, args) : commandInSessionUnit(world, host, args);
}

function webCliUnit(world: World, host: () => Host, { webCli, reopenWhenExpired, adopted }: Arguments): Unit {
  const session = webCliResource(world, () => host().webCli, webCli.projectId);
  const { password, ...instance } = webCli;
  return sessionUnit(session, (version) => ({
    ...instance,
    ...(adopted === undefined ? { password } : { clientId: adopted }),
    reopenWhenExpired,
    triggers: [String(version)],
  }));
}

function casUnit(world: World, host: () => Host, { cas, reopenWhenExpired, adopted }: Arguments): Unit {
  const session = casResource(world, () => host().cas);
  const { username, password, ...server } = cas;
  return sessionUnit(session, (version) => ({
    ...server,
    ...(adopted === undefined ? { username, password } : { ticketGrantingCookie: adopted }),
    userAgent: "tests/1",
    reopenWhenExpired,
    triggers: [String(version)],
  }));
}

type Session = ReturnType<typeof webCliResource> | ReturnType<typeof casResource>;

function sessionUnit(session: Session, args: (version: number) => object): Unit {
  return {
    async up(version) {
      if (await session.up(args(version))) await session.deleteReplaced();
    },
    refresh: () => session.refresh(),
    destroy: () => session.destroy(),
    ageStates: () => session.ageStates(),
    get held() {
      return session.held;
    },
    abandoned: [],
    get operations() {
      return session.operations;
    },
  };
}

function commandUnit(world: World, host: () => Host, { webCli }: Arguments): Unit {
  const command = commandResource(world, () => host().command, webCli.projectId);
  const texts = commandTexts(world);
  return {
    async up(version) {
      await command.up({ ...webCli, ...texts(version) });
    },
    async refresh() {},
    destroy: () => command.destroy(),
    ageStates() {},
    get held() {
      return command.held;
    },
    abandoned: command.abandoned,
    get operations() {
      return command.operations;
    },
  };
}

function commandInSessionUnit(
  world: World,
  host: () => Host,
  { webCli, reopenWhenExpired }: Arguments,
): Unit {
  const session = webCliResource(world, () => host().webCli, webCli.projectId);
  const command = commandResource(world, () => host().command, webCli.projectId);
  const { password, ...instance } = webCli;
  const texts = commandTexts(world);
  return {
    async up(version) {
      if (!(await session.up({ ...instance, password, reopenWhenExpired }))) return;
      const clientId = session.state?.clientId;
      if (await command.up({ ...instance, clientId, ...texts(version) })) await session.deleteReplaced();
    },
    refresh: () => session.refresh(),
    destroy: async () => (await command.destroy()) && session.destroy(),
    ageStates() {},
    get held() {
      return [...session.held, ...command.held];
    },
    abandoned: command.abandoned,
    get operations() {
      return session.operations + command.operations;
    },
  };
}

/** Every version's commands work on a key of their own, and hold a secret each. */
function commandTexts(world: World): (version: number) => { create: string; delete: string } {
  const unit = randomBytes(9).toString("base64url");
  const value = randomBytes(9).toString("base64url");
  world.secrets.add(unit, value);
  return (version) => ({ create: `SET ${unit}-${version} ${value}`, delete: `DEL ${unit}-${version}` });
}
