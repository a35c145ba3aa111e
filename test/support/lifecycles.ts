import type { Emulator, EmulatorOptions } from "../../emulator";
import { Connections } from "../../provider/api/connections";
import type { OperationOptions, Timeouts } from "../../provider/api/deadline";
import { type CasInputs, casSessions } from "../../provider/lifecycle/casSession";
import type { CommandInputs } from "../../provider/lifecycle/commandInputs";
import { Renewals } from "../../provider/lifecycle/renewals";
import { Runtime, type RuntimeOptions } from "../../provider/lifecycle/runtime";
import { SessionLifecycle } from "../../provider/lifecycle/sessionLifecycle";
import { WebCliCommandLifecycle } from "../../provider/lifecycle/webCliCommand";
import { type WebCliInputs, type WebCliState, webCliSessions } from "../../provider/lifecycle/webCliSession";

/** Everything that takes seconds or minutes in production, in milliseconds. */
export const QUICK: Timeouts = {
  requestTimeout: 600,
  idleTimeout: 400,
  probeTimeout: 300,
  operationTimeout: 1_500,
  leastAnswerTime: 100,
  hostNotFoundTimeout: 200,
  connectionRefusedTimeout: 400,
  noticeDelay: 60_000,
  firstRetryDelay: 1,
  maxRetryDelay: 4,
};

/** For an operation that fails as long as it is tried: time for some tries. */
export const BRIEF: OperationOptions = { timeout: 500 };

/** What a process knows, with renewals that come after the tests. */
export function quickRuntime(options: RuntimeOptions = {}): Runtime {
  return new Runtime({ timeouts: QUICK, renewals: new Renewals(1_000_000_000), ...options });
}

/** The service that the tests log in to. */
export const SERVICE = "https://manager.example:28443/web/cas_security_check.htm";

export const SERVICES: readonly (readonly [how: string, service: string | undefined])[] = [
  ["with a service", SERVICE],
  ["without a service", undefined],
];

/** A CAS that shows the same page to a live cookie and to any other, as long as no service is asked for. */
export const JASIG_35: EmulatorOptions = { casFlavor: "jasig" };

/** What the lifecycles of a test know together, as in one process. */
export function useConnections(): () => Connections {
  let connections = new Connections();
  beforeEach(() => {
    connections = new Connections();
  });
  return () => connections;
}

export type Config = Record<string, string | undefined>;

export function configOf(emulator: Emulator): Config {
  return {
    "huaweicloud-sessions:projectId": emulator.projectId,
    "huaweicloud-sessions:dcsEndpoint": emulator.dcsEndpoint,
    "huaweicloud-sessions:accessKey": emulator.accessKey,
    "huaweicloud-sessions:secretKey": emulator.secretKey,
  };
}

export function configRequest(config: Config) {
  const get = (key: string) => config[key];
  const require = (key: string) => config[key] ?? "";
  return { config: { get, require } };
}

/** With the configuration that fits an emulator, or with another one. */
export function webCliLifecycle(
  from: Emulator | Config,
  timeouts = QUICK,
  runtime = quickRuntime({ timeouts }),
) {
  const lifecycle = new SessionLifecycle(webCliSessions, runtime);
  void lifecycle.configure(configRequest(isEmulator(from) ? configOf(from) : from));
  return lifecycle;
}

export function commandLifecycle(from: Emulator | Config, runtime = quickRuntime()): WebCliCommandLifecycle {
  const lifecycle = new WebCliCommandLifecycle(runtime);
  void lifecycle.configure(configRequest(isEmulator(from) ? configOf(from) : from));
  return lifecycle;
}

function isEmulator(from: Emulator | Config): from is Emulator {
  return typeof from.sessions === "function";
}

/** Makes lifecycles of Web CLI sessions that know of the same connections, as in one process. */
export function useOneProcess() {
  const connections = useConnections();
  return (from: Emulator | Config, timeouts = QUICK) =>
    webCliLifecycle(from, timeouts, quickRuntime({ timeouts, connections: connections() }));
}

export const casLifecycle = (timeouts = QUICK, runtime = quickRuntime({ timeouts })) =>
  new SessionLifecycle(casSessions, runtime);

export function webCliInputs(emulator: Emulator, more: Partial<WebCliInputs> = {}): WebCliInputs {
  const { dcsEndpoint: endpoint, projectId, instanceId, redisPassword: password } = emulator;
  return { endpoint, projectId, instanceId, password, ...more };
}

/** The state of a session that nobody has opened, on a server of the test's own. */
export function webCliState(endpoint: string, more: Partial<WebCliState> = {}): WebCliState {
  const openedAt = new Date().toISOString();
  return { endpoint, projectId: "p1", instanceId: "i1", clientId: "c1", openedAt, ...more };
}

/** A command in a session that is open. */
export async function commandInputs(
  emulator: Emulator,
  more: Partial<CommandInputs> = {},
): Promise<CommandInputs> {
  const { outs } = await webCliLifecycle(emulator).create(webCliInputs(emulator));
  const { dcsEndpoint: endpoint, projectId, instanceId } = emulator;
  return { endpoint, projectId, instanceId, clientId: outs.clientId, create: "SET ready 1", ...more };
}

export function casInputs(emulator: Emulator, more: Partial<CasInputs> = {}): CasInputs {
  const { casUrl, username, password } = emulator;
  return { casUrl, username, password, service: SERVICE, userAgent: "tests/1", ...more };
}

/** The inputs that adopt an open session. */
export function casAdoption(
  emulator: Emulator,
  ticketGrantingCookie: string,
  more: Partial<CasInputs> = {},
): CasInputs {
  return casInputs(emulator, {
    ...{ username: undefined, password: undefined, ticketGrantingCookie },
    ...more,
  });
}
