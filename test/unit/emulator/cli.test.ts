import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { flagOf, parseFlags, usage } from "../../../emulator/flags";
import { send } from "../../support/client";

const root = join(__dirname, "../../..");

const PRINTED =
  `url dcsEndpoint casUrl iamEndpoint metadataEndpoint region projectId instanceId accessKey secretKey
  authToken idpId idToken redisPassword username password`.split(/\s+/);

interface Exited {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What is left of a child's processes must not outlive the tests. */
function endGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    if (Object(error).code !== "ESRCH") throw error;
  }
}

describe("emulator: the command line", function () {
  // Each case starts a Node process that compiles the emulator first.
  this.timeout(30_000);
  const groups: number[] = [];
  afterEach(() => groups.splice(0).forEach(endGroup));

  function start(command: string, args: string[]): ChildProcess {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], detached: true });
    assert.ok(child.pid);
    groups.push(child.pid);
    return child;
  }
  const startCli = (...flags: string[]) =>
    start(process.execPath, ["--require", "ts-node/register", "emulator/cli.ts", ...flags]);

  async function exited(child: ChildProcess): Promise<Exited> {
    const printed = { stdout: "", stderr: "" };
    child.stdout?.on("data", (chunk) => {
      printed.stdout += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      printed.stderr += chunk;
    });
    const [code] = await once(child, "close");
    return { code, ...printed };
  }

  async function firstLine(child: ChildProcess): Promise<Record<string, string>> {
    assert.ok(child.stdout);
    const [line] = await once(createInterface(child.stdout), "line");
    return JSON.parse(line);
  }

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`prints one JSON line on stdout and a friendly one on stderr, serves, and ends with 0 on ${signal}`, async () => {
      const child = startCli("--port", "0", "--quiet");
      const end = exited(child);
      const line = await firstLine(child);
      assert.deepEqual(Object.keys(line), PRINTED);
      assert.equal((await send(`${line.url}/emulator/sessions`)).status, 200);
      child.kill(signal);
      const { code, stderr } = await end;
      assert.deepEqual([code, stderr], [0, `Emulator listening on ${line.url}. Press Ctrl-C to stop.\n`]);
    });
  }

  /** What a fresh emulator prints for the person at the terminal, once it has been used. */
  async function guideOf(flags: string[], use: (line: Record<string, string>) => unknown): Promise<string> {
    const child = startCli(...flags);
    const end = exited(child);
    await use(await firstLine(child));
    child.kill("SIGTERM");
    return (await end).stderr;
  }

  it("tells on stderr how to configure a program, with secrets as secrets", async () => {
    let line: Record<string, string> = {};
    const guide = await guideOf(["--secret-key", "it's", "--security-token", "token"], (printed) => {
      line = printed;
    });
    const set = (flags: string, name: string, value = line[name]) =>
      assert.ok(
        guide.includes(`\n  pulumi config set ${flags}huaweicloud-sessions:${name} ${value}\n`),
        name,
      );
    for (const name of ["region", "projectId", "dcsEndpoint", "iamEndpoint"]) set("", name);
    set("--secret ", "accessKey");
    set("--secret ", "secretKey", "'it'\\''s'");
    set("--secret ", "securityToken", "token");
    const { instanceId, redisPassword, casUrl } = line;
    assert.ok(guide.includes(`{ instanceId: "${instanceId}", password: "${redisPassword}" }`));
    assert.ok(guide.includes(`{ casUrl: "${casUrl}", username: "admin", `));
    assert.doesNotMatch(guide, /NODE_EXTRA_CA_CERTS/);
  });

  it("adds the certificate to the line with --tls, and tells what to trust, and how", async () => {
    const guide = await guideOf(["--tls", "--cas-flavor", "apereo"], async ({ casUrl, caCertificate }) =>
      assert.match((await send(`${casUrl}/login`, { ca: caCertificate })).text, /geolocation/),
    );
    assert.match(guide, /caCertificate/);
    assert.match(guide, /NODE_EXTRA_CA_CERTS/);
  });

  it("ends with the npm that runs it", async function () {
    // npm compiles it first where a source has changed.
    this.timeout(120_000);
    const npm = start("npm", ["run", "--silent", "emulator", "--", "--port", "0"]);
    const { url } = await firstLine(npm);
    const ended = once(npm, "close");
    npm.kill("SIGTERM");
    await ended;
    await assert.rejects(send(`${url}/emulator/sessions`), /ECONNREFUSED/);
  });

  it("explains its flags with --help and ends with 0", async () => {
    assert.deepEqual(await exited(startCli("--help")), { code: 0, stdout: usage, stderr: "" });
  });

  it("explains an option that the emulator can't start with, and ends with 2", async () => {
    const { code, stderr } = await exited(startCli("--port", "70000"));
    assert.equal(code, 2);
    assert.match(stderr, /^emulator: --port must be .+\nRun with --help to see all options\.\n$/);
  });

  it("says in one line that the port is taken, and ends with 1", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    try {
      const { port }: { port?: number } = Object(other.address());
      const { code, stderr } = await exited(startCli("--port", String(port)));
      assert.equal(code, 1);
      assert.equal(stderr, "emulator: The port is already in use. Choose another with --port.\n");
    } finally {
      other.close();
    }
  });
});

describe("emulator: flags", () => {
  const given = (...args: string[]) => {
    const entries = Object.entries(parseFlags(args)?.options ?? {});
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  };

  it("are options by another name", () => {
    const line = "--port 8800 --tls --cas-flavor apereo --idle-seconds 9.5 --redis redis://127.0.0.1";
    assert.deepEqual(given(...line.split(" ")), {
      port: 8800,
      tls: true,
      casFlavor: "apereo",
      idleSeconds: 9.5,
      redis: "redis://127.0.0.1",
    });
  });

  it("switch off what is on by default", () => {
    assert.deepEqual(given("--no-agency"), { agency: false });
  });

  it("fix every ID and credential", () => {
    const names = ["region", "accessKey", "secretKey", "authToken", "idpId", "idToken", "redisPassword"];
    const fixed: Record<string, string> = {
      ...Object.fromEntries([...names, "username", "password"].map((name) => [name, `the ${name}`])),
      projectId: "0123456789abcdef0123456789abcdef",
      instanceId: "11111111-2222-3333-4444-555555555555",
    };
    const flags = Object.entries(fixed).flatMap(([name, value]) => [flagOf(name), value]);
    assert.deepEqual(given(...flags), fixed);
  });

  for (const line of [
    "--nonsense",
    "--port eighty",
    "--port",
    "--cas-flavor central",
    "--idle-seconds -1",
    "--instance-id redis-1",
    "--tls=no",
    "stray",
  ]) {
    it(`are refused: ${line}`, () => {
      assert.throws(() => parseFlags(line.split(" ")));
    });
  }
});
