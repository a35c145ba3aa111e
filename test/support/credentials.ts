import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Emulator } from "../../emulator";
import { Deadline } from "../../provider/api/deadline";
import { Settings } from "../../provider/config/settings";
import type { Runtime } from "../../provider/lifecycle/runtime";
import type { WebCliInputs } from "../../provider/lifecycle/webCliSession";
import { type Config, QUICK, quickRuntime, webCliLifecycle } from "./lifecycles";

/** What a stack needs to reach the emulator, without credentials. */
export function placeOf({ dcsEndpoint, iamEndpoint, region }: Emulator): Config {
  return {
    "huaweicloud-sessions:dcsEndpoint": dcsEndpoint,
    "huaweicloud-sessions:iamEndpoint": iamEndpoint,
    "huaweicloud-sessions:region": region,
  };
}

type Keys = Pick<Emulator, "accessKey" | "secretKey">;

/** Keys in the environment. */
export function keysOf({ accessKey, secretKey }: Keys) {
  return { HW_ACCESS_KEY: accessKey, HW_SECRET_KEY: secretKey };
}

/** The file of the vendor's command line, with keys in its current profile. */
export function cliProfileOf({ accessKey, secretKey }: Keys, more: object = {}): string {
  const profile = { name: "p", mode: "AKSK", accessKeyId: accessKey, secretAccessKey: secretKey, ...more };
  return JSON.stringify({ authEncrypt: "false", current: "p", profiles: [profile] });
}

/** An agency in the stack's configuration. */
export function configuredAgency(role: unknown = { agencyName: "operators", domainName: "target" }): Config {
  return { "huaweicloud-sessions:assumeRole": JSON.stringify(role) };
}

/** Keys in the stack's configuration. */
export function configuredKeys({ accessKey, secretKey }: Keys): Config {
  return { "huaweicloud-sessions:accessKey": accessKey, "huaweicloud-sessions:secretKey": secretKey };
}

type Lifecycle = ReturnType<typeof webCliLifecycle>;

/** The lifecycle in a stack that knows where the emulator is, and in a process that knows nothing else yet. */
export function webCliAt(emulator: Emulator, config: Config = {}, runtime?: Runtime): Lifecycle {
  return webCliLifecycle({ ...placeOf(emulator), ...config }, QUICK, runtime);
}

/** What check hands to the other verbs, once it has nothing to complain about. */
export async function inputsOf(lifecycle: Lifecycle, args: object, olds: object = {}): Promise<WebCliInputs> {
  const { inputs, failures } = await lifecycle.check(olds, args);
  assert.deepEqual(failures, []);
  assert.ok(inputs);
  return inputs;
}

/** Opens a session with nothing but an instance and its password. */
export async function open(emulator: Emulator, lifecycle: Lifecycle) {
  const { instanceId, redisPassword: password } = emulator;
  const { outs } = await lifecycle.create(await inputsOf(lifecycle, { instanceId, password }));
  return outs;
}

/** The same, and ends it. */
export async function live(emulator: Emulator, lifecycle: Lifecycle): Promise<void> {
  await lifecycle.delete("", await open(emulator, lifecycle));
  assert.deepEqual(emulator.sessions().webCli, { open: [], opened: 1, closed: 1, expired: 0 });
}

/** Settings of a stack's configuration and an environment that has nothing else. */
export function settingsOf(
  environment: Record<string, string>,
  config: Config = {},
  runtime = quickRuntime(),
) {
  const variables = { HOME: "/nonexistent", ...environment };
  return new Settings({ get: (key) => config[key] }, variables, runtime.discovery);
}

/** All credentials, in the order in which they are tried. */
export async function credentialsOf(settings: Settings, endpoint = "https://dcs.example") {
  const found = [];
  for await (const { credentials } of settings.find(endpoint, new Deadline("test", QUICK))) {
    found.push(credentials);
  }
  return found;
}

/** Those that are tried first. */
export function firstCredentials(settings: Settings) {
  return settings.firstCredentials("https://dcs.example", new Deadline("test", QUICK));
}

/** A folder for each test of the enclosing suite; writes a file to it, and resolves with its path. */
export function useFiles(): (name: string, text: string) => string {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "files-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  return (name, text) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
}
