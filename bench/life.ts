import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ConfigMap, Stack } from "@pulumi/pulumi/automation";
import { type Engine, withStack } from "../tools/engine";
import { type Action, measure } from "./measure";
import type { Step } from "./plan";
import type { Server } from "./server";
import { ROOT } from "./worker";
import type { Job, Target } from "./worker/job";

export interface Life {
  up: Action;
  again: Action;
  destroy: Action;
  stateBytes: number;
}

const PROJECT = "bench";

/** Ups a stack of `size` resources, ups it again, and destroys it: each in a process of its own. */
export async function live(
  engine: Engine,
  server: Server,
  { contender, size: count }: Pick<Step, "contender" | "size">,
  engineEnv: Record<string, string>,
): Promise<Life> {
  const { target } = server;
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const env = { ...(await environment(folder, target)), ...engineEnv };
    const config = configOf(target);
    const options = { engine, projectName: PROJECT, workDir: ROOT, program: async () => {}, env, config };
    return await withStack(options, async (stack) => {
      const job = { ...jobOf(stack, engine), contender, count, target };
      const sessions = contender === "b" ? 0 : count;
      const up = await measure({ ...job, action: "up" });
      await expectOpen(server, sessions);
      const stateBytes = await stateSize(stack);
      const again = await measure({ ...job, action: "up" });
      await expectOpen(server, sessions);
      const destroy = await measure({ ...job, action: "destroy" });
      await expectOpen(server, 0);
      return { up, again, destroy, stateBytes };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function jobOf(stack: Stack, engine: Engine): Omit<Job, "action" | "contender" | "count" | "target"> {
  const { pulumiHome, envVars } = stack.workspace;
  const engineRoot = engine.source === "path" ? undefined : dirname(dirname(engine.path));
  return {
    stackName: stack.name,
    projectName: PROJECT,
    workDir: ROOT,
    pulumiHome,
    env: definedOnly(envVars),
    engineRoot,
  };
}

function definedOnly(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])));
}

/** All that a contender needs beside its program; each uses its part. */
async function environment(folder: string, target: Target): Promise<Record<string, string>> {
  const authority = join(folder, "authority.pem");
  const curl = [`header = "X-Auth-Token: ${target.token}"`, 'header = "Content-Type: application/json"'];
  if (target.caCertificate !== undefined) {
    await writeFile(authority, target.caCertificate);
    curl.push(`cacert = "${authority}"`);
  }
  await writeFile(join(folder, ".curlrc"), `${curl.join("\n")}\n`, { mode: 0o600 });
  return {
    ...(target.caCertificate === undefined ? {} : { NODE_EXTRA_CA_CERTS: authority }),
    HW_ACCESS_KEY: target.accessKey,
    HW_SECRET_KEY: target.secretKey,
    CURL_HOME: folder,
    BENCH_LOGIN: JSON.stringify({ password: target.password }),
  };
}

function configOf(target: Target): ConfigMap {
  return {
    "huaweicloud:projectId": { value: target.projectId },
    "huaweicloud:dcsEndpoint": { value: target.endpoint },
    "huaweicloud:accessKey": { value: target.accessKey, secret: true },
    "huaweicloud:secretKey": { value: target.secretKey, secret: true },
  };
}

/** A contender that skips its work would win. */
async function expectOpen(server: Server, expected: number): Promise<void> {
  const { open } = await server.sessions();
  if (open !== expected) throw new Error(`${open} sessions are open where there should be ${expected}`);
}

/** The state as it lies on disk. */
async function stateSize(stack: Stack): Promise<number> {
  const folder = join(fileURLToPath(stack.workspace.envVars.PULUMI_BACKEND_URL ?? ""), ".pulumi", "stacks");
  const names = await readdir(folder, { recursive: true });
  const file = names.find((name) => name.endsWith(`${stack.name.split("/").at(-1)}.json`));
  if (file === undefined) throw new Error(`there is no state of ${stack.name}`);
  return (await stat(join(folder, file))).size;
}
