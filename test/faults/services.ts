import { setTimeout as wait } from "node:timers/promises";
import type { EmulatorOptions } from "../../emulator";
import { emulateInMemory, type InMemoryEmulator } from "../../emulator/inMemory";
import { type Answer, noteArrival } from "./answers";
import { Books, type Owner } from "./books";
import { type Exchange, exchangeOf, type Request } from "./exchange";
import { Secrets } from "./secrets";
import { type Context, treatmentOf } from "./treatments";

/** How a request is to be treated: by a treatment's name, and what of the request the answer repeats. */
export interface Chosen {
  name: string;
  echo?: string;
}

/** How the services are treated, beside how they behave. */
interface Treated {
  projects: 1 | 2;
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

export interface Keys {
  accessKey: string;
  secretKey: string;
}

const UNASKED: Answer = { status: 200, headers: {}, body: "" };

/**
 * Both services, as the emulator's handlers answer in memory, and in front of them something that treats requests as it
 * is told. They keep the books of all that passes.
 */
export abstract class Services {
  readonly secrets = new Secrets();
  readonly exchanges: Exchange[] = [];
  readonly books: Books;
  readonly emulator: InMemoryEmulator;
  readonly places: readonly [Place, ...Place[]];
  /** The process that runs at the moment. */
  process = 0;
  /** Whether a node of the CAS is out of service. */
  isDrained = false;
  private isInstanceRemoved = false;
  protected readonly now: () => number;
  /**
   * Whether create may not have learned if probes tell life from death. A delete then believes what Jasig's CAS
   * 3.5 shows, and a front that shows the same is that CAS to any client.
   */
  isInDoubt = false;

  constructor(
    private readonly options: EmulatorOptions,
    private readonly treated: Treated,
  ) {
    this.emulator = emulateInMemory<EmulatorOptions>(options);
    this.now = options.clock ?? Date.now;
    const { accessKey, authToken, projectId, instanceId } = this.emulator;
    this.books = new Books(this.secrets, projectId);
    this.books.owners.set(accessKey, "keys").set(authToken, "a token");
    this.places = [
      { projectId, instanceId },
      ...(treated.projects === 2 ? [this.emulator.makeProject()] : []),
    ];
  }

  /** Undefined is honestly. */
  protected abstract choose(exchange: Exchange): Chosen | undefined;

  /** The sessions that are open, by their first keys, and whose newest keys the client knows. */
  open(): readonly string[] {
    const known = this.keys().filter((key) => this.books.knownKeys.has(key));
    return known.map((key) => this.sessionOf(key));
  }

  /** A process knows the keys that are in state, and those that reach it. */
  protected beginProcess(inState: readonly string[]): void {
    this.process += 1;
    this.books.knownKeys = new Set(inState);
  }

  /** Whether a session is open, by whichever of its keys, and known to the client or not. */
  isAlive(key: string): boolean {
    return this.keys().some((one) => this.sessionOf(one) === this.sessionOf(key));
  }

  /** The session of a key: its first one. */
  sessionOf(key: string): string {
    return this.books.sessionOf(key);
  }

  /** What the services know the open sessions by at the moment. */
  keys(): readonly string[] {
    const { webCli, cas } = this.emulator.sessions();
    return [...webCli.open, ...cas.open];
  }

  instanceExists(projectId: string): boolean {
    return !this.isInstanceRemoved || projectId !== this.places[0].projectId;
  }

  /** What was sent since the process began. */
  get sent(): readonly Exchange[] {
    return this.exchanges.filter(({ process }) => process === this.process);
  }

  /** Whether this process may still send the password: a login that brought no session that is known counts against it. */
  get isPasswordGood(): boolean {
    return !this.sent.some(
      ({ call, rejected, answer, opened, keyArrived }) =>
        rejected ||
        answer?.startsWith("not recognized") ||
        (call === "cas.probe" && opened !== undefined && !keyArrived),
    );
  }

  expireSessions(): void {
    this.emulator.expireSessions();
  }

  removeInstance(): void {
    this.emulator.removeInstance();
    this.isInstanceRemoved = true;
  }

  rotateKeys(): Keys {
    return this.noteKeys(this.emulator.rotateKeys(), "rotated keys");
  }

  makeForeignKeys(): Keys {
    return this.noteKeys(this.emulator.makeForeignKeys(), "keys of another account");
  }

  private noteKeys(keys: Keys, owner: Owner): Keys {
    this.secrets.add(keys.accessKey, keys.secretKey);
    this.books.owners.set(keys.accessKey, owner);
    return keys;
  }

  /** The node that led the first client is taken out, or comes back. */
  drain(isOut: boolean): void {
    this.emulator.restoreCasNodes();
    this.isDrained = isOut && this.options.casNodes === 2;
    if (this.isDrained) this.emulator.drainCasNode();
  }

  /** Sets the clock of the machine, which is not that of the services. */
  stepClock(_ms: number): void {}

  async answer(request: Request): Promise<Answer> {
    const exchange = exchangeOf(request, this.process, this.now());
    const previous = this.exchanges.at(-1);
    this.exchanges.push(exchange);
    const chosen = this.choose(exchange);
    const { isBlind, retryAfter } = this.treated;
    const context: Context = {
      ...{ exchange, previous, retryAfter, echo: chosen?.echo ?? "", honest: UNASKED, now: this.now() },
      isBlind: isBlind || this.isInDoubt,
      stepClock: (ms) => this.stepClock(ms),
    };
    const wanted = chosen && treatmentOf(exchange.call, chosen.name);
    const treatment = wanted?.isForgery?.(context) ? undefined : wanted;
    if (treatment) {
      exchange.answer = chosen?.name;
      this.books.meet(`${exchange.call}: ${chosen?.name}`);
    }
    if (treatment && exchange.call === "cas.probe" && !this.hasLoggedOut) this.isInDoubt = true;
    const honest = !treatment || treatment.acts ? await this.forward(exchange) : UNASKED;
    const answer = treatment ? treatment.answer({ ...context, honest }) : honest;
    if (answer.delay) await wait(answer.delay);
    noteArrival(exchange, answer);
    if (exchange.keyArrived && exchange.opened) this.books.knownKeys.add(exchange.opened);
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
    const reply = await this.emulator.answer(request);
    const headers = Object.entries(reply?.headers ?? {}).flatMap(
      ([name, value]): [string, string | string[]][] =>
        value.length > 0 ? [[name.toLowerCase(), typeof value === "string" ? value : [...value]]] : [],
    );
    const honest = {
      status: reply?.status ?? 0,
      headers: Object.fromEntries(headers),
      body: reply?.body ?? "",
    };
    exchange.performed = honest.status < 300 || (call.startsWith("cas.") && honest.status === 302);
    this.books.note(exchange, honest, this.emulator.casFlavor);
    return honest;
  }
}
