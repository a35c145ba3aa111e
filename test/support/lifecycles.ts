import type { Emulator } from "../../emulator";
import type { Pace } from "../../provider/api/patience";
import { type CasInputs, CasSessionLifecycle } from "../../provider/lifecycle/casSession";
import { type CommandInputs, WebCliCommandLifecycle } from "../../provider/lifecycle/webCliCommand";
import { type WebCliInputs, WebCliSessionLifecycle } from "../../provider/lifecycle/webCliSession";

/** Everything that takes seconds or minutes in earnest, in milliseconds. */
export const QUICK: Pace = {
  answerMs: 600,
  silenceMs: 400,
  probeMs: 300,
  keysMs: 5_000,
  budgetMs: 1_500,
  firstDelayMs: 1,
  maxDelayMs: 4,
};

/** The service that the tests log in to. */
export const SERVICE = "https://manager.example:28443/web/cas_security_check.htm";

export type Config = Record<string, string | undefined>;

export function configOf(emulator: Emulator): Config {
  return {
    "huaweicloud:projectId": emulator.projectId,
    "huaweicloud:dcsEndpoint": emulator.dcsEndpoint,
    "huaweicloud:accessKey": emulator.accessKey,
    "huaweicloud:secretKey": emulator.secretKey,
  };
}

export function configRequest(config: Config) {
  const get = (key: string) => config[key];
  const require = (key: string) => config[key] ?? "";
  return { config: { get, require } };
}

export function webCliLifecycle(
  emulator: Emulator,
  config: Config = configOf(emulator),
): WebCliSessionLifecycle {
  const lifecycle = new WebCliSessionLifecycle(QUICK);
  void lifecycle.configure(configRequest(config));
  return lifecycle;
}

export function commandLifecycle(emulator: Emulator): WebCliCommandLifecycle {
  const lifecycle = new WebCliCommandLifecycle(QUICK);
  void lifecycle.configure(configRequest(configOf(emulator)));
  return lifecycle;
}

export const casLifecycle = (): CasSessionLifecycle => new CasSessionLifecycle(QUICK);

export function webCliInputs(emulator: Emulator, more: Partial<WebCliInputs> = {}): WebCliInputs {
  const { dcsEndpoint: endpoint, projectId, instanceId, redisPassword: password } = emulator;
  return { endpoint, projectId, instanceId, password, ...more };
}

/** A command in a session of its own. */
export async function commandInputs(
  emulator: Emulator,
  more: Partial<CommandInputs> = {},
): Promise<CommandInputs> {
  const { outs } = await webCliLifecycle(emulator).create(webCliInputs(emulator));
  const { dcsEndpoint: endpoint, projectId, instanceId } = emulator;
  return { endpoint, projectId, instanceId, clientId: outs?.clientId ?? "", create: "SET ready 1", ...more };
}

export function casInputs(emulator: Emulator, more: Partial<CasInputs> = {}): CasInputs {
  const { casUrl, username, password } = emulator;
  return { casUrl, username, password, service: SERVICE, userAgent: "tests/1", ...more };
}
