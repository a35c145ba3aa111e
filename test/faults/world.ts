import * as fc from "fast-check";
import { type Emulator, type RecordedRequest, startEmulator } from "../../emulator";
import type { FaultKind } from "./faultKinds";
import { Keyring } from "./keyring";
import { type Happening, kindOf, type PlannedFault, type Schedule } from "./schedule";

export const SERVICE = "https://manager.example:28443/web/cas_security_check.htm";

/** One emulator with its surroundings, and what the server counts. */
export class World {
  /** All that must not be shown. */
  readonly secrets = new Set<string>();
  readonly keys: Keyring;
  private removed = false;
  private seen = 0;

  private constructor(
    readonly emulator: Emulator,
    readonly schedule: Schedule,
  ) {
    this.keys = new Keyring(emulator, schedule.access, (secret) => this.secrets.add(secret));
    this.secrets.add(emulator.redisPassword).add(emulator.password);
  }

  static async open(schedule: Schedule): Promise<World> {
    const { casFlavor, confirmLogout, goneLogout, errorCodes, probeWithoutServiceLies, service } = schedule;
    const services = service === "unregistered" ? ["https://other.example/"] : "any";
    const options = {
      casFlavor,
      confirmLogout,
      goneLogout,
      errorCodes,
      probeWithoutServiceLies,
      services,
    } as const;
    return new World(await startEmulator(options), schedule);
  }

  /** Whether the client has what it needs to ask the server anything. */
  get hasKeys(): boolean {
    return this.schedule.resource === "cas" || this.keys.usable;
  }

  /** Whether a log-in without faults works. */
  get canLogIn(): boolean {
    const { resource, service } = this.schedule;
    return resource === "cas" ? service !== "unregistered" : this.hasKeys && !this.removed;
  }

  /** The ids of the sessions that the server counts as open. */
  get open(): readonly string[] {
    const { webCli, cas } = this.emulator.sessions();
    const { open } = this.schedule.resource === "cas" ? cas : webCli;
    for (const id of open) this.secrets.add(id);
    return open;
  }

  /** The requests since the last call. */
  newRequests(): RecordedRequest[] {
    const all = this.emulator.requests();
    const fresh = all.slice(this.seen);
    this.seen = all.length;
    return fresh;
  }

  /** `held` are the sessions that the client knows of, `planted` the one that half a log-in tells of. */
  inject(faults: readonly PlannedFault[], held: readonly string[], planted: string): void {
    for (const fault of faults) {
      const secrets = ".".repeat(fault.pad) + this.sentTo(fault.on, held).join(" ");
      this.emulator.fault({
        on: fault.on,
        times: fault.times,
        do: kindOf(fault).action({ secrets, planted }),
      });
    }
  }

  /** The secrets that are surely in a call: a server can echo nothing else. */
  private sentTo(on: string, held: readonly string[]): readonly string[] {
    const { password, redisPassword } = this.emulator;
    if (this.schedule.resource === "cas") return [password, ...this.open];
    const sent = on === "webcli.auth" ? [redisPassword] : held.length === 1 ? held : [];
    return this.keys.rotated ? sent : [...sent, this.keys.first];
  }

  async happen(happening: Happening | undefined): Promise<void> {
    if (happening === "expire") this.emulator.expireSessions();
    else if (happening === "remove") this.remove();
    else if (happening === "restart") await this.restart();
    else if (happening === "rotate") this.keys.renew();
    else if (happening === "rotate, keys lost") this.keys.rotate();
  }

  /** Another emulator may take the port while it is free: then there is nothing to learn from this life. */
  async restart(): Promise<void> {
    try {
      await this.emulator.restart();
    } catch (error) {
      fc.pre(!(error instanceof Error && "code" in error && error.code === "EADDRINUSE"));
      throw error;
    }
  }

  private remove(): void {
    this.emulator.removeInstance();
    this.removed = true;
  }

  close(): Promise<void> {
    this.emulator.clearFaults();
    return this.emulator.close();
  }
}

/** The fault that struck each of a verb's calls of one kind, in order. */
export function struck(faults: readonly PlannedFault[], on: string): FaultKind[] {
  return faults
    .filter((fault) => fault.on === on)
    .flatMap((fault) => Array<FaultKind>(fault.times).fill(kindOf(fault)));
}
