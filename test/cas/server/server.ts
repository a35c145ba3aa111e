import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, open, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backOff } from "exponential-backoff";
import type { Log } from "../../../tools/engine";
import { send } from "../../support/client";
import { freePort } from "../../support/server";
import { accessLog, type CasOptions, casArguments, type Keystore, makeKeystore, USER } from "./settings";
import { findWar } from "./war";

export interface CasServer {
  /** Ends in `/cas`. */
  casUrl: string;
  username: string;
  password: string;
  /** PEM. */
  caCertificate: string;
  /** SHA-256. */
  certificateFingerprint: string;
  /** The requests answered so far, oldest first, each as `GET /cas/login 200`. */
  requests(): Promise<string[]>;
  /** The end of the server's output. */
  printed(): Promise<string>;
  close(): Promise<void>;
}

const MAIN = "org.apereo.cas.web.CasWebApplication";
const PRINTED_LINES = 60;
const POLL_MS = 250;
const START_LIMIT_MS = 180_000;

/** Starts an Apereo CAS of its own on a free port of the loopback address. It takes 15 to 30 s and 0.8 GB. */
export async function startCas(log: Log, options: CasOptions = {}): Promise<CasServer> {
  const war = await findWar(log);
  const home = await mkdtemp(join(tmpdir(), "cas-"));
  const keystore = await makeKeystore(home);
  const port = await freePort();
  const java = [...javaArguments(war, await makeTemporary(home)), MAIN];
  const settings = await casArguments({ home, port, keystore }, options);
  const output = join(home, "output.log");
  const child = await OwnProcess.start("java", [...java, ...settings], home, output);
  const server = describe(`https://127.0.0.1:${port}/cas`, keystore, child, { home, output });
  try {
    await ready(server, child);
    return server;
  } catch (error) {
    const printed = await server.printed();
    await server.close();
    throw new Error(`CAS did not start. The end of its output:\n${printed}`, { cause: error });
  }
}

function javaArguments(war: string, temporary: string): string[] {
  const inside = join(war, "WEB-INF");
  const path = [join(inside, "classes"), join(inside, "lib", "*")].join(
    process.platform === "win32" ? ";" : ":",
  );
  // Only the first compiler: the server starts sooner, and does not run long enough to need the second.
  return ["-Xmx512m", "-XX:TieredStopAtLevel=1", `-Djava.io.tmpdir=${temporary}`, "-cp", path];
}

async function makeTemporary(home: string): Promise<string> {
  const temporary = join(home, "tmp");
  await mkdir(temporary);
  return temporary;
}

function describe(
  casUrl: string,
  { certificate, fingerprint }: Keystore,
  child: OwnProcess,
  files: { home: string; output: string },
): CasServer {
  return {
    casUrl,
    ...USER,
    caCertificate: certificate,
    certificateFingerprint: fingerprint,
    requests: async () => (await readFile(accessLog(files.home), "utf8")).split("\n").filter(isRequest),
    printed: async () => (await readFile(files.output, "utf8")).split("\n").slice(-PRINTED_LINES).join("\n"),
    close: () => child.stop(),
  };
}

// Tomcat writes a line for a connection that ends without a request, too.
function isRequest(line: string): boolean {
  return /^[A-Z]+ /.test(line);
}

async function ready({ casUrl, caCertificate }: CasServer, child: OwnProcess): Promise<void> {
  await backOff(
    async () => {
      const { status } = await send(`${casUrl}/login`, { ca: caCertificate });
      if (status !== 200) throw new Error(`${casUrl}/login answers ${status}`);
    },
    {
      startingDelay: POLL_MS,
      timeMultiple: 1,
      numOfAttempts: START_LIMIT_MS / POLL_MS,
      retry: () => child.isRunning,
    },
  );
}

/** A child process with a folder of its own, neither of which outlives this process. */
class OwnProcess {
  private readonly leave = () => {
    this.child.kill("SIGKILL");
    rmSync(this.home, { recursive: true, force: true, maxRetries: 3 });
  };
  private readonly interrupted = () => process.exit(130);

  private constructor(
    private readonly child: ChildProcess,
    private readonly home: string,
  ) {
    process.on("exit", this.leave);
    process.on("SIGINT", this.interrupted);
    process.on("SIGTERM", this.interrupted);
  }

  /** Starts a command in the folder, with all that it prints in the file. */
  static async start(command: string, args: string[], home: string, log: string): Promise<OwnProcess> {
    const file = await open(log, "w");
    try {
      const child = spawn(command, args, { cwd: home, stdio: ["ignore", file.fd, file.fd] });
      await once(child, "spawn");
      return new OwnProcess(child, home);
    } finally {
      await file.close();
    }
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Ends it at once: it holds nothing that is worth saving. */
  async stop(): Promise<void> {
    const exited = this.isRunning ? once(this.child, "exit") : undefined;
    this.child.kill("SIGKILL");
    await exited;
    process.off("exit", this.leave);
    process.off("SIGINT", this.interrupted);
    process.off("SIGTERM", this.interrupted);
    rmSync(this.home, { recursive: true, force: true });
  }
}
