import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "../support/server";

/** A real Redis on 127.0.0.1 that nobody else uses, with as many databases as a DCS instance. */
export interface RedisServer {
  port: number;
  stop(): Promise<void>;
}

export async function startRedis(...settings: string[]): Promise<RedisServer> {
  // Redis can't pick a free port itself.
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "redis-"));
  const address = ["--bind", "127.0.0.1", "--port", String(port), "--dir", folder];
  const args = [...address, "--save", "", "--appendonly", "no", "--databases", "256", ...settings];
  const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill();
      await once(child, "exit");
    }
    await rm(folder, { recursive: true, force: true });
  };
  for await (const line of createInterface(child.stdout)) {
    if (line.includes("Ready to accept connections")) {
      child.stdout.resume();
      return { port, stop };
    }
  }
  await stop();
  throw new Error(`redis-server ended with exit code ${child.exitCode}`);
}
