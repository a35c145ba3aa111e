import assert from "node:assert/strict";
import { mock } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import FakeTimers, { type Clock } from "@sinonjs/fake-timers";
import { TIMEOUTS } from "../../provider/api/deadline";
import { HttpClient, type HttpRequest } from "../../provider/api/http/http";
import { configRequest, SERVICE } from "../support/lifecycles";
import {
  ANYWHERE,
  type Bounds,
  Choices,
  coreLetters,
  everyLetter,
  frontLetters,
  sessionFrontLetters,
} from "./choices";
import { listing } from "./exchange";
import {
  assertDeletesHaveCreates,
  assertKeysKept,
  assertNoSessionLeft,
  assertRefusedCredentialsRest,
  assertRejectedPasswordsRest,
  assertSilenceAfterLogout,
} from "./invariants";
import type { Behavior } from "./modelServer";
import { ModelWorld } from "./modelWorld";
import { type Arguments, Host, type Kind, type Unit, unitOf } from "./program";

type Operation = "create" | "diff" | "expire" | "reopen" | "read" | "replace" | "pass time" | "delete";

/** What is lived: a kind of resource, a service's behavior, and the operations of a life. */
interface Script {
  kind: Kind;
  name: string;
  behavior: Behavior;
  service?: string;
  /** Sessions are renewed while time passes. */
  renews?: boolean;
  operations: readonly Operation[];
}

/** What no two lives may share, because the process remembers it: which credentials are wrong, and whose clock. */
let generation = 0;

class ModelLife {
  private host: Host;
  private readonly unit: Unit;
  private version = 0;

  constructor(
    private readonly world: ModelWorld,
    private readonly script: Script,
    private readonly choices: Choices,
  ) {
    this.host = newHost("", script.renews);
    this.unit = unitOf(script.kind, world, () => this.host, argumentsFor(script));
  }

  /** Honest up to one of its operations, and after the sequence. */
  async run(from: number): Promise<void> {
    for (const [at, operation] of this.script.operations.entries()) {
      this.choices.isOpen = at >= from;
      this.choices.beginOperation();
      await this.operate(operation);
      this.assertInvariants();
    }
    this.choices.isOpen = false;
    this.choices.beginOperation();
    // Nothing is under way here, between two operations.
    void this.host.end();
    this.host = newHost(this.world.isRefused ? "new-" : "");
    await this.unit.destroy();
    this.assertInvariants();
    const left = this.world.open().filter((id) => !this.unit.abandoned.includes(id));
    assertNoSessionLeft(this.world.exchanges, left);
  }

  private async operate(operation: Operation): Promise<void> {
    if (operation === "expire") this.world.expireSessions();
    else if (operation === "pass time")
      await this.world.inTime(operation, () => wait(2.5 * RENEWAL_INTERVAL));
    else if (operation === "read") await this.unit.refresh();
    else if (operation === "delete") await this.unit.destroy();
    else {
      if (operation === "replace") this.version += 1;
      await this.unit.up(this.version);
    }
  }

  private assertInvariants(): void {
    const { exchanges, overlaps } = this.world;
    assert.ok(!overlaps, "two requests of one session were under way at once");
    const { held, abandoned } = this.unit;
    assertKeysKept(exchanges, this.world.open(), new Set([...held, ...abandoned]));
    assertRefusedCredentialsRest(exchanges, { mayOverlap: false });
    assertRejectedPasswordsRest(exchanges, 0);
    const mayRepeatLogout = this.script.kind === "WebCliCommand";
    assertSilenceAfterLogout(exchanges, { adopted: new Set(), mayRepeatLogout });
    assertDeletesHaveCreates(exchanges);
  }
}

const RENEWAL_INTERVAL = 120_000;

function newHost(prefix: string, renews = false): Host {
  const config = configRequest({
    "huaweicloud-sessions:accessKey": `${prefix}AK${generation}`,
    "huaweicloud-sessions:secretKey": "sequences-secret-key",
  });
  return new Host(
    TIMEOUTS,
    renews ? RENEWAL_INTERVAL : 2 ** 30,
    (provider) => void provider.configure(config),
  );
}

function argumentsFor({ service }: Script): Arguments {
  return {
    reopenWhenExpired: true,
    webCli: {
      endpoint: `https://dcs-${generation}.example`,
      projectId: "0123456789abcdef0123456789abcdef",
      instanceId: "c0ffee00-0000-4000-8000-000000000000",
      password: "redis-password",
    },
    cas: {
      casUrl: `https://cas-${generation}.example/cas`,
      username: "admin",
      password: "cas-password",
      service,
    },
  };
}

const SESSION: readonly Operation[] = ["create", "diff", "read", "replace", "delete"];
const plain: Behavior = {
  isBlind: false,
  confirmLogout: false,
  goneLogout: 400,
  cookieName: "TGC",
  keyLength: 48,
};

const SCRIPTS: readonly Script[] = [
  {
    kind: "WebCliSession",
    name: "that is renewed",
    behavior: plain,
    renews: true,
    operations: ["create", "pass time", "diff", "pass time", "delete", "pass time"],
  },
  {
    kind: "CasSession",
    name: "that is renewed",
    behavior: plain,
    service: SERVICE,
    renews: true,
    operations: ["create", "pass time", "diff", "pass time", "delete", "pass time"],
  },
  {
    kind: "WebCliCommand in a session",
    name: "that is renewed",
    behavior: plain,
    renews: true,
    operations: ["create", "pass time", "replace", "delete", "pass time"],
  },
  {
    kind: "WebCliSession",
    name: "whose client IDs are too long",
    behavior: { ...plain, keyLength: 5_000 },
    operations: ["create"],
  },
  {
    kind: "CasSession",
    name: "whose cookie has another name",
    behavior: { ...plain, cookieName: "SSO" },
    operations: ["create", "delete"],
  },
  { kind: "WebCliSession", name: "", behavior: plain, operations: SESSION },
  {
    kind: "WebCliSession",
    name: "that expires",
    behavior: { ...plain, goneLogout: 204 },
    operations: ["create", "expire", "reopen", "expire", "delete"],
  },
  { kind: "CasSession", name: "with a service", behavior: plain, service: SERVICE, operations: SESSION },
  { kind: "CasSession", name: "without a service", behavior: plain, operations: SESSION },
  {
    kind: "CasSession",
    name: "that expires",
    behavior: plain,
    service: SERVICE,
    operations: ["create", "expire", "reopen", "expire", "delete"],
  },
  {
    kind: "CasSession",
    name: "whose logout is confirmed",
    behavior: { ...plain, confirmLogout: true },
    operations: ["create", "delete"],
  },
  {
    kind: "CasSession",
    name: "that no probe can tell",
    behavior: { ...plain, isBlind: true },
    operations: ["create", "read", "delete"],
  },
  {
    kind: "WebCliCommand in a session",
    name: "",
    behavior: plain,
    operations: ["create", "replace", "delete"],
  },
  {
    kind: "WebCliCommand in a session",
    name: "that expires",
    behavior: plain,
    operations: ["create", "expire", "delete"],
  },
  { kind: "WebCliCommand", name: "", behavior: plain, operations: ["create", "replace", "delete"] },
];

/** The world of the life that is lived at the moment. */
let current: ModelWorld | undefined;

/** Lives a script with every sequence of answers within bounds, from each of its operations on. */
async function liveAll(script: Script, bounds: Bounds, clock: Clock, forget: () => void): Promise<number> {
  let lives = 0;
  // Where any of its requests may be struck, beginning later would only repeat.
  const starts = bounds.depth === ANYWHERE ? [0] : script.operations.keys();
  for (const from of starts) {
    const choices = new Choices(bounds);
    do {
      await live(script, choices, from, clock);
      lives += 1;
      forget();
    } while (choices.advance());
  }
  return lives;
}

async function live(script: Script, choices: Choices, from: number, clock: Clock): Promise<void> {
  const { behavior, service, kind } = script;
  const canTell = kind !== "CasSession" || !behavior.isBlind || service !== undefined;
  const world = new ModelWorld(clock, behavior, (exchange) => choices.choose(exchange), canTell);
  current = world;
  try {
    await new ModelLife(world, script, choices).run(from);
  } catch (error) {
    if (error instanceof Error)
      error.message += `\n${script.kind} ${script.name}\n${listing(world.exchanges)}`;
    throw error;
  } finally {
    clock.reset();
    if (world.exchanges.some(({ status, rejected }) => status === 401 || rejected)) generation += 1;
  }
}

/** In seconds, as a part of all tests. */
const QUICK: readonly Bounds[] = [
  { alphabet: everyLetter, depth: ANYWHERE, lies: 1 },
  { alphabet: frontLetters, depth: ANYWHERE, lies: 1, lasting: true },
  { alphabet: sessionFrontLetters, depth: ANYWHERE, lies: 1, lasting: true },
];

/** In minutes: every answer goes on being given, and fronts lie twice. */
const FULL: readonly Bounds[] = [
  ...QUICK,
  { alphabet: everyLetter, depth: ANYWHERE, lies: 1, lasting: true },
  { alphabet: frontLetters, depth: ANYWHERE, lies: 2, lasting: true },
];

/** For as long as somebody waits: any two of the answers that matter most. */
const DEEP: readonly Bounds[] = [...FULL, { alphabet: coreLetters, depth: ANYWHERE, lies: 2 }];

const { FAULT_DEPTH } = process.env;
const BOUNDS = FAULT_DEPTH === "deep" ? DEEP : FAULT_DEPTH === "full" ? FULL : QUICK;

describe("faults: every sequence of answers", () => {
  let clock: Clock;
  let sent: { resetCalls(): void };
  let lives = 0;
  const { error } = console;
  const { random } = Math;
  const { stackTraceLimit } = Error;

  before(() => {
    // Most of the time went into the stacks of errors that no one reads.
    Error.stackTraceLimit = 0;
    clock = FakeTimers.install({ now: Date.now(), toFake: ["setTimeout", "clearTimeout", "Date"] });
    sent = mock.method(HttpClient.prototype, "send", (request: HttpRequest) => current?.send(request)).mock;
    // A life that is lived again must wait as long as before.
    Math.random = () => 0.5;
    console.error = () => {};
  });
  after(() => {
    clock.uninstall();
    mock.restoreAll();
    Math.random = random;
    Error.stackTraceLimit = stackTraceLimit;
    console.error = error;
    console.log(`      ${lives} lives`);
  });

  for (const script of SCRIPTS) {
    it(`${script.kind} ${script.name}`.trim(), async function () {
      this.timeout(0);
      for (const bounds of BOUNDS) {
        // Else, every call would be remembered.
        lives += await liveAll(script, bounds, clock, () => sent.resetCalls());
      }
    });
  }
});
