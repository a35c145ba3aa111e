import * as fc from "fast-check";
import type { FaultTarget } from "../../emulator";
import { FAULTS, type FaultKind, HALF, PRETENCES } from "./faultKinds";

export type Resource = "webCli" | "command" | "cas";

export interface PlannedFault {
  on: FaultTarget;
  kind: string;
  times: number;
  /** How far into its message the server echoes what it was sent. */
  pad: number;
}

/** What happens around the client before or during a verb. */
export type Happening = "expire" | "rotate" | "rotate, keys lost" | "restart" | "restart during" | "remove";

export interface Step {
  verb: "up" | "refresh" | "destroy";
  /** The program has changed since the last up. */
  changed: boolean;
  before?: Happening;
  faults: PlannedFault[];
}

export interface Schedule {
  resource: Resource;
  adopt: boolean;
  access: "keys" | "token";
  reopenWhenExpired: boolean;
  casFlavor: "mrs" | "apereo";
  confirmLogout: boolean;
  goneLogout: 204 | 400;
  errorCodes: "numeric" | "dcs";
  probeWithoutServiceLies: boolean;
  service: "none" | "registered" | "unregistered";
  steps: Step[];
}

const TARGETS: Record<Resource, readonly FaultTarget[]> = {
  webCli: ["webcli.auth", "webcli.command", "webcli.logout"],
  command: ["webcli.command"],
  cas: ["cas.form", "cas.login", "cas.probe", "cas.logout"],
};

const times = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 3 }) }, fc.constant(12));
const pad = fc.oneof(fc.constant(0), fc.integer({ min: 120, max: 220 }));

function faultOn(on: FaultTarget): fc.Arbitrary<PlannedFault> {
  return fc.record({ on: fc.constant(on), kind: fc.constantFrom(...Object.keys(FAULTS[on])), times, pad });
}

const planned = (on: FaultTarget, kind: string): PlannedFault[] => [{ on, kind, times: 1, pad: 0 }];

/** A log-out that pretends is drawn alone: with the probe failing too, nothing could tell. */
function faults(resource: Resource): fc.Arbitrary<PlannedFault[]> {
  const any = fc.array(fc.oneof(...TARGETS[resource].map(faultOn)), { maxLength: 3 });
  if (resource === "command") return any;
  const half =
    resource === "webCli"
      ? fc
          .array(faultOn("webcli.logout"), { maxLength: 2 })
          .map((more) => [...planned("webcli.auth", "half"), ...more])
      : fc
          .array(faultOn("cas.logout"), { maxLength: 2 })
          .map((more) => [...planned("cas.probe", "half"), ...more]);
  const pretence = fc.constantFrom(...Object.keys(PRETENCES)).map((kind) => planned("cas.logout", kind));
  const weighted = [
    { weight: 6, arbitrary: any },
    { weight: 2, arbitrary: half },
  ];
  return fc.oneof(...weighted, ...(resource === "cas" ? [{ weight: 1, arbitrary: pretence }] : []));
}

function step(resource: Resource): fc.Arbitrary<Step> {
  const quiet = { weight: 3, arbitrary: fc.constant(undefined) };
  const happening = fc.constantFrom<Happening>(
    "expire",
    "rotate",
    "rotate, keys lost",
    "restart",
    "restart during",
    "remove",
  );
  return fc
    .record({
      verb: fc.constantFrom<Step["verb"]>("up", "up", "refresh", "destroy"),
      changed: fc.boolean(),
      before: fc.oneof(quiet, { weight: 2, arbitrary: happening }),
      faults: faults(resource),
    })
    .map((drawn) => ({ ...drawn, faults: drawn.faults.filter((fault) => fits(fault, drawn.verb)) }));
}

/** Only an up may meet the log-in that can't be used: elsewhere the same answer would be a lie. */
function fits(fault: PlannedFault, verb: Step["verb"]): boolean {
  return fault.kind !== "half" || verb === "up";
}

/** Most of what can go wrong goes wrong in a life that has begun well. */
const SMOOTH: Step = { verb: "up", changed: false, faults: [] };

export function schedules(resource: Resource): fc.Arbitrary<Schedule> {
  const steps = fc.tuple(fc.boolean(), fc.array(step(resource), { minLength: 1, maxLength: 6 }));
  return fc
    .record({
      resource: fc.constant(resource),
      adopt: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
      access: fc.constantFrom<Schedule["access"]>("keys", "token"),
      reopenWhenExpired: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
      casFlavor: fc.constantFrom<Schedule["casFlavor"]>("mrs", "apereo"),
      confirmLogout: fc.boolean(),
      goneLogout: fc.constantFrom<Schedule["goneLogout"]>(204, 400),
      errorCodes: fc.constantFrom<Schedule["errorCodes"]>("numeric", "dcs"),
      probeWithoutServiceLies: fc.boolean(),
      service: fc.constantFrom<Schedule["service"]>("none", "registered", "registered", "unregistered"),
      steps: steps.map(([smooth, drawn]) => (smooth ? [SMOOTH, ...drawn] : drawn)),
    })
    .map(withoutNonsense);
}

/** Jasig lies and Apereo doesn't; and nobody can tell a pretence where the probe tells nothing. */
function withoutNonsense(schedule: Schedule): Schedule {
  const lies = schedule.probeWithoutServiceLies && schedule.casFlavor === "mrs";
  // Without its service registered there is no log-in, but a session from elsewhere can be adopted.
  const service = schedule.service === "unregistered" && !schedule.adopt ? "registered" : schedule.service;
  const plain: Schedule = { ...schedule, probeWithoutServiceLies: lies, service };
  const steps = schedule.steps.map((one) => ({
    ...one,
    faults: one.faults.filter(({ kind }) => !isBlind(plain) || !(kind in PRETENCES)),
  }));
  return { ...plain, steps };
}

/** Whether the server can't be asked if a session is alive. */
export function isBlind({ resource, service, probeWithoutServiceLies }: Schedule): boolean {
  if (resource !== "cas") return false;
  return service === "unregistered" || (service === "none" && probeWithoutServiceLies);
}

export function kindOf({ on, kind }: PlannedFault): FaultKind {
  const half = kind === "half" && (on === "webcli.auth" || on === "cas.probe") ? HALF[on] : undefined;
  const found = half ?? FAULTS[on][kind] ?? PRETENCES[kind];
  if (!found) throw new Error(`there is no fault "${kind}" on ${on}`);
  return found;
}
