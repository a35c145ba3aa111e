import * as fc from "fast-check";
import { CALLS, type Call } from "./exchange";
import type { Verb } from "./life";
import { ECHOED, type Echo, type Rule } from "./rules";
import { SPELLINGS } from "./secrets";
import type { Behavior, Kind, Setting } from "./setting";
import { treatmentsOf } from "./treatments";

/** What happens around the client between two operations. */
const EVENTS = [
  "sessions expire",
  "keys are rotated",
  "keys are rotated and not passed on",
  "keys of another account are found",
  "connections are cut",
  "a node is drained",
  "the instance is removed",
  "state is that of release 0.1.0",
] as const;
export type Event = (typeof EVENTS)[number];

export interface Step {
  verb: Verb;
  /** The program has changed since the last up. */
  changed: boolean;
  /** A process of its own runs it: what the last one renewed is not renewed any more. */
  newProcess: boolean;
  before?: Event;
  rules: Rule[];
}

/** A life over HTTP: its setting, and what is done and happens. */
export interface Schedule extends Setting {
  /** The program opens the sessions by itself, and its resources adopt them. */
  adopts: boolean;
  steps: Step[];
  /** What lasts for several steps. */
  phase: { from: number; until: number; rules: Rule[] };
}

type Pattern = Pick<Rule, "strikes" | "forGood">;

const strikes = fc.oneof(
  fc.constant<Pattern>({ strikes: [true], forGood: true }),
  fc.record({ strikes: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), forGood: fc.boolean() }),
);
const echo: fc.Arbitrary<Echo> = fc.record({
  of: fc.constantFrom(...ECHOED),
  spelling: fc.constantFrom(...Object.keys(SPELLINGS)),
  length: fc.oneof(fc.constant(100_000), fc.integer({ min: 12, max: 400 })),
});

/** The same treatment of all that some calls get, as by something that stands in front of them. */
function rulesOn(calls: readonly Call[]): fc.Arbitrary<Rule[]> {
  const common = Object.keys(treatmentsOf(calls[0] ?? "cas.form")).filter((name) =>
    calls.every((call) => name in treatmentsOf(call)),
  );
  return fc
    .record({ treatment: fc.constantFrom(...common), strikes, echo })
    .map(({ strikes, ...rest }) => calls.map((on) => ({ on, ...rest, ...strikes })));
}

function rulesFor(kind: Kind): fc.Arbitrary<Rule[]> {
  const calls = CALLS.filter((call) => call.startsWith(kind === "CasSession" ? "cas." : "webcli."));
  const single = fc.oneof(...calls.map((call) => rulesOn([call])));
  return fc.oneof(
    { weight: 5, arbitrary: fc.array(single, { maxLength: 4 }).map((rules) => rules.flat()) },
    { weight: 2, arbitrary: rulesOn(calls) },
  );
}

function stepFor(kind: Kind): fc.Arbitrary<Step> {
  const event = fc.constantFrom<Event>(...EVENTS.filter((one) => mayHappen(one, kind)));
  return fc.record({
    verb: fc.constantFrom<Verb>("up", "up", "refresh", "destroy"),
    changed: fc.boolean(),
    newProcess: fc.boolean(),
    before: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: event }),
    rules: rulesFor(kind),
  });
}

/** Most of what can go wrong goes wrong in a life that has begun well. */
const FIRST_UP: Step = { verb: "up", changed: false, newProcess: true, rules: [] };

export function schedules(kind: Kind): fc.Arbitrary<Schedule> {
  const steps = fc.tuple(fc.boolean(), fc.array(stepFor(kind), { minLength: 1, maxLength: 6 }));
  const mostly = <T>(usual: T, other: T) =>
    fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, fc.constant(other));
  const phase = fc.record({ from: fc.nat(4), until: fc.nat(7), rules: rulesFor(kind) });
  return fc
    .record({
      kind: fc.constant(kind),
      units: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 3 })),
      projects: mostly<Schedule["projects"]>(1, 2),
      adopts: mostly(false, kind.endsWith("Session")),
      access: fc.constantFrom<Schedule["access"]>("keys", "token"),
      reopenWhenExpired: mostly(true, false),
      renews: mostly(false, true),
      behavior: fc.record<Behavior>({
        casFlavor: fc.constantFrom("mrs", "jasig", "apereo"),
        casNodes: fc.constantFrom(1, 2),
        casCookieRotates: mostly(false, true),
        confirmLogout: fc.boolean(),
        goneLogout: fc.constantFrom(204, 400),
        errorCodes: fc.constantFrom("numeric", "dcs"),
      }),
      service: fc.constantFrom<Schedule["service"]>("none", "registered", "registered", "unregistered"),
      steps: steps.map(([begins, drawn]) => (begins ? [FIRST_UP, ...drawn] : drawn)),
      phase: fc.oneof(
        { weight: 4, arbitrary: fc.constant<Schedule["phase"]>({ from: 0, until: 0, rules: [] }) },
        phase,
      ),
    })
    .map(possible);
}

/** Without what no server does. */
function possible(schedule: Schedule): Schedule {
  const { adopts, service, behavior, kind, units, projects } = schedule;
  const isInProjects = kind !== "CasSession" && !adopts && projects === 2;
  return {
    ...schedule,
    projects: isInProjects ? 2 : 1,
    units: isInProjects ? Math.max(units, 2) : units,
    // Without its service registered there is no login, but a session from elsewhere can be adopted.
    service: service === "unregistered" && !adopts ? "registered" : service,
    // A session from elsewhere comes without the cookies of its node.
    behavior: adopts ? { ...behavior, casNodes: 1 } : behavior,
  };
}

/** What does not happen to a service, or changes nothing about it. */
function mayHappen(event: Event, kind: Kind): boolean {
  if (event === "a node is drained" || event === "state is that of release 0.1.0")
    return kind === "CasSession";
  return kind !== "CasSession" || !/^keys|instance/.test(event);
}
