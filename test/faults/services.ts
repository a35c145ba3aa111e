import { setTimeout as wait } from "node:timers/promises";
import type { EmulatorOptions } from "../../emulator";
import { emulateInMemory, type InMemoryEmulator } from "../../emulator/inMemory";
import { type Answer, noteArrival } from "./answers";
import type { Server } from "./coverage";
import {
  type Call,
  cookieOf,
  type Exchange,
  exchangeOf,
  type Request,
  ticketGrantingCookieOf,
} from "./exchange";
import { Secrets } from "./secrets";
import type { Context, Treatment } from "./treatments";

/** How a request is to be treated: undefined is honestly. */
export interface Chosen {
  name: string;
  treatment: Treatment;
  /** What of the request its answer repeats. */
  echo?: string;
}

export interface ServiceOptions extends EmulatorOptions {
  nodes?: 1 | 2;
  projects?: 1 | 2;
  /** Whether the CAS shows the same to a live session and to a dead one. */
  isBlind: boolean;
  /** What a `Retry-After` asks for, in seconds. */
  retryAfter: string;
}

/** An instance, in a project of its own. */
export interface Place {
  projectId: string;
  instanceId: string;
}

/** By which a balancer knows the node that a client was led to. */
const NODE = "NODE";

const UNASKED: Answer = { status: 200, headers: {}, body: "" };

/**
 * Both services, as the emulator's handlers answer in memory, and what stands in front of them: something that treats
 * requests as it is told, and a balancer where there are two nodes. They keep the books of all that passes.
 */
export abstract class Services {
  readonly secrets = new Secrets();
  readonly exchanges: Exchange[] = [];
  readonly emulators: readonly [InMemoryEmulator, ...InMemoryEmulator[]];
  readonly places: readonly [Place, ...Place[]];
  /** The process that runs at the moment. */
  process = 0;
  private clients = 0;
  private drained: number | undefined;
  private isInstanceRemoved = false;
  protected readonly now: () => number;
  /** What was served, and how often: see `Coverage`. */
  readonly met = new Map<string, number>();
  /** Whose an access key or a token is. */
  private readonly owners = new Map<
    string,
    "keys" | "rotated keys" | "keys of another account" | "a token"
  >();
  /**
   * Whether create may not have learned if probes tell life from death. A delete then believes what Jasig's CAS
   * 3.5 shows, and a front that shows the same is that CAS to any client.
   */
  isInDoubt = false;

  constructor(private readonly options: ServiceOptions) {
    const { nodes, projects, isBlind: _, retryAfter: __, ...rest } = options;
    const first = emulateInMemory<EmulatorOptions>(rest);
    const { username, password } = first;
    const others = nodes === 2 ? [emulateInMemory<EmulatorOptions>({ ...rest, username, password })] : [];
    this.emulators = [first, ...others];
    this.now = rest.clock ?? Date.now;
    this.owners.set(first.accessKey, "keys").set(first.authToken, "a token");
    const { projectId, instanceId } = first;
    this.places = [{ projectId, instanceId }, ...(projects === 2 ? [first.makeProject()] : [])];
  }

  protected abstract choose(exchange: Exchange): Chosen | undefined;

  /** The sessions that the services count as open. */
  open(): readonly string[] {
    const counts = this.emulators.map((emulator) => emulator.sessions());
    return counts.flatMap(({ webCli, cas }) => [...webCli.open, ...cas.open]);
  }

  get canTell(): boolean {
    return !this.options.isBlind;
  }

  instanceExists(projectId: string): boolean {
    return !this.isInstanceRemoved || projectId !== this.places[0].projectId;
  }

  /** What was sent since the process began. */
  get sent(): readonly Exchange[] {
    return this.exchanges.filter(({ process }) => process === this.process);
  }

  /** Whether this process may still send the password: a login that brought no session counts against it. */
  get isPasswordGood(): boolean {
    return !this.sent.some(({ rejected, answer }) => rejected || answer?.startsWith("not recognized"));
  }

  expireSessions(): void {
    for (const emulator of this.emulators) emulator.expireSessions();
  }

  removeInstance(): void {
    this.emulators[0].removeInstance();
    this.isInstanceRemoved = true;
  }

  rotateKeys(): { accessKey: string; secretKey: string } {
    return this.noteKeys(this.emulators[0].rotateKeys(), "rotated keys");
  }

  makeForeignKeys(): { accessKey: string; secretKey: string } {
    return this.noteKeys(this.emulators[0].makeForeignKeys(), "keys of another account");
  }

  private noteKeys(
    keys: { accessKey: string; secretKey: string },
    owner: "rotated keys" | "keys of another account",
  ) {
    this.secrets.add(keys.accessKey, keys.secretKey);
    this.owners.set(keys.accessKey, owner);
    return keys;
  }

  /** The node that clients were led to last is taken out, or comes back. */
  drain(isOut: boolean): void {
    this.drained = isOut && this.emulators.length > 1 ? (this.clients + 1) % 2 : undefined;
  }

  get isDrained(): boolean {
    return this.drained !== undefined;
  }

  /** Sets the clock of the machine, which is not that of the services. */
  stepClock(_ms: number): void {}

  async answer(request: Request): Promise<Answer> {
    const exchange = exchangeOf(request, this.process, this.now());
    const previous = this.exchanges.at(-1);
    this.exchanges.push(exchange);
    const chosen = this.choose(exchange);
    const { isBlind, retryAfter } = this.options;
    const context: Context = {
      ...{ exchange, previous, retryAfter, echo: chosen?.echo ?? "", honest: UNASKED },
      isBlind: isBlind || this.isInDoubt,
      stepClock: (ms) => this.stepClock(ms),
    };
    const treatment = chosen?.treatment.isForgery?.(context) ? undefined : chosen?.treatment;
    if (treatment) {
      exchange.answer = chosen?.name;
      this.meet(`${exchange.call}: ${chosen?.name}`);
    }
    if (treatment && exchange.call === "cas.probe" && !this.hasLoggedOut) this.isInDoubt = true;
    const honest = !treatment || treatment.acts ? await this.forward(exchange) : UNASKED;
    const answer = treatment ? treatment.answer({ ...context, honest }) : honest;
    if (answer.delay) await wait(answer.delay);
    noteArrival(exchange, answer);
    exchange.answeredAt = this.exchanges.length;
    return answer;
  }

  /** Whether a logout was sent since the last login. */
  private get hasLoggedOut(): boolean {
    const last = this.exchanges.findLast(({ call }) => call === "cas.login" || call === "cas.logout");
    return last?.call === "cas.logout";
  }

  private async forward(exchange: Exchange): Promise<Answer> {
    const { request, call } = exchange;
    const isBalanced = this.emulators.length > 1 && call.startsWith("cas.");
    const led = isBalanced ? cookieOf(request, NODE) : undefined;
    const wanted = led === undefined ? this.clients++ % (isBalanced ? 2 : 1) : Number(led);
    const at = wanted === this.drained ? 1 - wanted : wanted;
    const reply = await (this.emulators[at] ?? this.emulators[0]).answer(request);
    const headers = Object.entries(reply?.headers ?? {}).flatMap(
      ([name, value]): [string, string | string[]][] =>
        value.length > 0 ? [[name.toLowerCase(), typeof value === "string" ? value : [...value]]] : [],
    );
    const honest = {
      status: reply?.status ?? 0,
      headers: Object.fromEntries(headers),
      body: reply?.body ?? "",
    };
    this.note(exchange, honest);
    exchange.performed = honest.status < 300 || (call.startsWith("cas.") && honest.status === 302);
    exchange.opened = openedBy(call, honest);
    const isLedAway = led !== undefined && at !== wanted;
    if (isLedAway) this.meet("a request led away from its drained node");
    if (!isBalanced || (led !== undefined && !isLedAway)) return honest;
    const cookies = [honest.headers["set-cookie"] ?? [], `${NODE}=${at}; Path=/`].flat();
    return { ...honest, headers: { ...honest.headers, "set-cookie": cookies } };
  }

  private note({ call, credential = "", project }: Exchange, { status }: Answer): void {
    const { casFlavor } = this.emulators[0];
    if (call.startsWith("cas.")) {
      this.meet(`a CAS of the flavor ${casFlavor}`);
      return;
    }
    const owner = this.owners.get(credential);
    const isFirst = project === this.places[0].projectId;
    if (status === 401) this.meet(owner === "a token" ? "a token refused" : "keys refused");
    else if (owner) this.meet(`${owner} accepted`);
    if (status < 300) this.meet(isFirst ? "the first project" : "the second project");
  }

  private meet(what: Server | `${Call}: ${string}`): void {
    this.met.set(what, (this.met.get(what) ?? 0) + 1);
  }
}

/** The session that an honest answer tells of. */
function openedBy(call: Call, { status, headers, body }: Answer): string | undefined {
  if (call === "webcli.auth" && status === 200) return /"client_id":"([^"]+)"/.exec(body)?.[1];
  if (call !== "cas.login") return undefined;
  const cookies = [headers["set-cookie"] ?? []].flat().map((cookie) => cookie.split(";")[0]);
  return ticketGrantingCookieOf({ headers: { cookie: cookies.join("; ") } });
}
