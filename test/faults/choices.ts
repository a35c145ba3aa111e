import assert from "node:assert/strict";
import { CALLS, type Call } from "./exchange";
import { HARMLESS, treatmentsOf } from "./treatments";

/** The names of the treatments that a call may get. */
type Alphabet = (call: Call) => readonly string[];

/** The same to a client as another one, above the seam. */
const SAME = new Set([...HARMLESS, "credentials refused slowly", "undecodable"]);
const CUTS = new Set(["cut at 0.7", "cut at 0.99"]);

/** The answers that differ most from each other. */
const CORE = new Set([
  "reset before the work",
  "reset after the work",
  "silence after the work",
  "head, then silence",
  "cut at 0.99",
  "maintenance page",
  "maintenance page, work done",
  "redirect to another host",
  "login form of another single sign-on",
  "page with another form, work done",
  "page 403",
  "page 429",
  "page 503",
  "page 503, work done",
  "not recognized",
  "denied 200",
  "credentials refused",
  "busy 111400111",
  "invalid parameter",
  "internal 111500000, work done",
  "error code at 202, work done",
]);

/** What may stand in front of a service for a while, and answer everything. */
const FRONTS = new Set([
  "maintenance page",
  "page with a login form that is not shown",
  "redirect to another host",
  "login form of another single sign-on",
]);

function alphabetOf(wanted: (name: string) => boolean): Alphabet {
  const letters = new Map(CALLS.map((call) => [call, Object.keys(treatmentsOf(call)).filter(wanted)]));
  return (call) => letters.get(call) ?? [];
}

export const everyLetter = alphabetOf(
  (name) => !SAME.has(name) && (!name.startsWith("cut at") || CUTS.has(name)),
);
export const coreLetters = alphabetOf((name) => CORE.has(name));
export const frontLetters = alphabetOf((name) => FRONTS.has(name));

/** What answers only those who have a session, such as a cache that looks at the cookie. */
export const sessionFrontLetters: Alphabet = (call) =>
  call === "cas.form" || call.endsWith(".login") || call.endsWith(".auth") ? [] : frontLetters(call);

/** A login whose session can't be used, and a logout that fails at once. */
const unusable = alphabetOf((name) => name === "without databases");
export const rollbackLetters: Alphabet = (call) => (call === "webcli.logout" ? frontLetters : unusable)(call);

/** How far lives are lived in every way. */
export interface Bounds {
  alphabet: Alphabet;
  /** How many of a life's requests may be treated otherwise than honestly. */
  lies: number;
  /** Whether a lie lasts until the end of its operation, for all that may be treated so. */
  lasting?: boolean;
}

/** Goes through all sequences of choices: a life is lived anew for each, and asks at each request. */
export class Choices {
  private readonly path: { at: number; of: number }[] = [];
  private position = 0;
  private lies = 0;
  private lasting: string | undefined;
  /** No lies any more, until the next life. */
  isOver = false;

  constructor(private readonly bounds: Bounds) {}

  beginOperation(): void {
    this.lasting = undefined;
  }

  /** The name of a treatment, or undefined for honesty. */
  choose(call: Call): string | undefined {
    const { alphabet, lasting } = this.bounds;
    if (this.lasting !== undefined) return alphabet(call).find((name) => name === this.lasting);
    const chosen = this.chooseNext(alphabet(call));
    if (lasting) this.lasting = chosen;
    return chosen;
  }

  private chooseNext(letters: readonly string[]): string | undefined {
    if (this.isOver || this.lies >= this.bounds.lies) return undefined;
    const chosen = this.path[this.position] ?? { at: 0, of: letters.length + 1 };
    assert.equal(chosen.of, letters.length + 1, "a life is not the same when it is lived again");
    this.path[this.position] = chosen;
    this.position += 1;
    if (chosen.at > 0) this.lies += 1;
    return letters[chosen.at - 1];
  }

  /** Whether there is another sequence. */
  advance(): boolean {
    this.path.length = this.position;
    this.position = 0;
    this.lies = 0;
    this.isOver = false;
    for (let last = this.path.at(-1); last; last = this.path.at(-1)) {
      if (last.at + 1 < last.of) {
        last.at += 1;
        return true;
      }
      this.path.pop();
    }
    return false;
  }
}
