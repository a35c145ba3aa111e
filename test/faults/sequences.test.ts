import { mock } from "node:test";
import FakeTimers, { type Clock } from "@sinonjs/fake-timers";
import { HttpClient } from "../../provider/api/http/http";
import type { HttpRequest } from "../../provider/api/http/messages";
import {
  type Bounds,
  Choices,
  coreLetters,
  everyLetter,
  frontLetters,
  rollbackLetters,
  sessionFrontLetters,
} from "./choices";
import { listing } from "./exchange";
import { MemoryLife } from "./memoryLife";
import { MemoryWorld } from "./memoryWorld";
import { SCRIPTS, type Script } from "./scripts";

/** The world of the life that is lived at the moment. */
let current: MemoryWorld | undefined;

/** Lives a script with every sequence of answers within bounds, and tells how many there were. */
async function liveAll(script: Script, bounds: Bounds, clock: Clock, forget: () => void): Promise<number> {
  const choices = new Choices(bounds);
  let lives = 0;
  do {
    await live(script, choices, clock);
    lives += 1;
    forget();
  } while (choices.advance());
  return lives;
}

async function live(script: Script, choices: Choices, clock: Clock): Promise<void> {
  const world = new MemoryWorld(clock, script, (call) => choices.choose(call));
  current = world;
  try {
    await new MemoryLife(world).live(script, choices);
  } catch (error) {
    if (error instanceof Error)
      error.message += `\n${script.kind} ${script.name}\n${listing(world.exchanges)}`;
    throw error;
  } finally {
    clock.reset();
  }
}

/** In seconds, as a part of all tests. */
const QUICK: readonly Bounds[] = [
  { alphabet: everyLetter, lies: 1 },
  { alphabet: frontLetters, lies: 1, lasting: true },
  { alphabet: sessionFrontLetters, lies: 1, lasting: true },
  { alphabet: rollbackLetters, lies: 2 },
];

/** Renewals meet the same answers again and again. */
const QUICK_RENEWED: readonly Bounds[] = [{ alphabet: coreLetters, lies: 1 }];

/** In minutes: every answer goes on being given, fronts lie twice, and so do any two of the answers that matter most. */
const DEEP: readonly Bounds[] = [
  ...QUICK,
  { alphabet: everyLetter, lies: 1, lasting: true },
  { alphabet: frontLetters, lies: 2, lasting: true },
  { alphabet: coreLetters, lies: 2 },
];

const isDeep = process.env.FAULT_DEPTH === "deep";

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
    clock = FakeTimers.install({
      now: Date.now(),
      toFake: ["setTimeout", "clearTimeout", "Date", "performance"],
    });
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
      for (const bounds of isDeep ? DEEP : script.renews ? QUICK_RENEWED : QUICK) {
        // Else, every call would be remembered.
        lives += await liveAll(script, bounds, clock, () => sent.resetCalls());
      }
    });
  }
});
