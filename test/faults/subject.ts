import type { dynamic } from "@pulumi/pulumi";
import { type CasInputs, CasSessionLifecycle, type CasState } from "../../provider/lifecycle/casSession";
import {
  type WebCliInputs,
  WebCliSessionLifecycle,
  type WebCliState,
} from "../../provider/lifecycle/webCliSession";
import { casInputs, webCliInputs } from "../support/lifecycles";
import { PACE } from "./pace";
import { SERVICE, type World } from "./world";

interface Lifecycle<Inputs, State> {
  check(olds: unknown, news: Inputs): Promise<dynamic.CheckResult<Inputs>>;
  diff(id: string, olds: State, news: Inputs): Promise<dynamic.DiffResult>;
  create(inputs: Inputs): Promise<dynamic.CreateResult<State>>;
  read(id: string, state: State): Promise<dynamic.ReadResult<State>>;
  update(id: string, olds: State, news: Inputs): Promise<dynamic.UpdateResult<State>>;
  delete(id: string, state: State): Promise<void>;
}

/** A resource under test: its provider, its program, and what its state says of the server's session. */
export interface Subject<Inputs, State> {
  readonly lifecycle: Lifecycle<Inputs, State>;
  readonly login: { on: string; path: string };
  /** The inputs of a program's version, which logs in unless it is given a session to adopt. */
  program(version: number, adopted?: string): Inputs;
  /** Inputs that check must refuse, each of them secret. */
  spoiled(secret: string): Inputs;
  /** A session outside of this resource, for adopting. */
  opener(): Inputs;
  isState(value: unknown): value is State & { __provider?: unknown };
  /** What adopts the session of a state. */
  credential(state: State): string;
  /** The session's id on the server. */
  sessionOf(state: State): string;
}

const holds = (value: unknown, name: string) => typeof value === "object" && value !== null && name in value;

export function webCliSubject(world: World): Subject<WebCliInputs, WebCliState> {
  const { emulator, schedule } = world;
  const lifecycle = new WebCliSessionLifecycle(PACE);
  world.keys.configure(lifecycle);
  const { projectId, instanceId } = emulator;
  const { reopenWhenExpired } = schedule;
  return {
    lifecycle,
    login: { on: "webcli.auth", path: `/v2/${projectId}/instances/${instanceId}/webcli/auth` },
    program: (version, clientId) => {
      const more = { reopenWhenExpired, triggers: [String(version)] };
      return webCliInputs(
        emulator,
        clientId === undefined ? more : { ...more, clientId, password: undefined },
      );
    },
    spoiled: (secret) => webCliInputs(emulator, { clientId: `${secret} ${secret}`, password: secret }),
    opener: () => webCliInputs(emulator),
    isState: (value): value is WebCliState => holds(value, "clientId"),
    credential: ({ clientId }) => clientId,
    sessionOf: ({ clientId }) => clientId,
  };
}

export function casSubject({ emulator, schedule }: World): Subject<CasInputs, CasState> {
  const { reopenWhenExpired } = schedule;
  const service = schedule.service === "none" ? undefined : SERVICE;
  return {
    lifecycle: new CasSessionLifecycle(PACE),
    login: { on: "cas.login", path: "/cas/login" },
    program: (version, ticketGrantingCookie) => {
      const more = { service, reopenWhenExpired, triggers: [String(version)] };
      const adopting = { ticketGrantingCookie, username: undefined, password: undefined };
      return casInputs(emulator, ticketGrantingCookie === undefined ? more : { ...more, ...adopting });
    },
    spoiled: (secret) =>
      casInputs(emulator, { password: secret, ticketGrantingCookie: `${secret};${secret}` }),
    opener: () => casInputs(emulator, { service: undefined }),
    isState: (value): value is CasState => holds(value, "ticketGrantingCookie"),
    credential: ({ ticketGrantingCookie }) => ticketGrantingCookie,
    sessionOf: ({ ticketGrantingCookie }) =>
      ticketGrantingCookie.slice(ticketGrantingCookie.indexOf("=") + 1),
  };
}
