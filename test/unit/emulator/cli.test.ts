import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseFlags, usage } from "../../../emulator/flags";
import { send } from "../../support/client";

const root = join(__dirname, "../../..");

const PRINTED =
  `url dcsEndpoint casUrl iamEndpoint metadataEndpoint region projectId instanceId accessKey secretKey
  authToken idpId idToken redisPassword username password`.split(/\s+/);

interface Exited {
  code: number | null;
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
  const started: ChildProcess[] = [];
  const groups: number[] = [];

  function spawnCli(...flags: string[]): ChildProcess {
    const args = ["--require", "ts-node/register", "emulator/cli.ts", ...flags];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    started.push(child);
    return child;
  }

  async function exited(child: ChildProcess): Promise<Exited> {
    let stderr = "";
    child.stderr?.on("data", (chunk) => {
      stderr += chunk;
    });
    const [code] = await once(child, "close");
    return { code, stderr };
  }

  async function firstLine(child: ChildProcess): Promise<Record<string, string>> {
    assert.ok(child.stdout);
    const [line] = await once(createInterface(child.stdout), "line");
    return JSON.parse(line);
  }

  afterEach(() => {
    for (const child of started.splice(0)) {
      child.kill("SIGKILL");
    }
    for (const leader of groups.splice(0)) {
      endGroup(leader);
    }
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`prints one JSON line on stdout and a friendly one on stderr, serves, and ends with 0 on ${signal}`, async () => {
      const child = spawnCli("--port", "0", "--quiet");
      const end = exited(child);
      const line = await firstLine(child);
      assert.deepEqual(Object.keys(line), PRINTED);
      assert.equal((await send(`${line.url}/emulator/sessions`)).status, 200);
      child.kill(signal);
      const stderr = `Emulator listening on ${line.url}. Press Ctrl-C to stop.\n`;
      assert.deepEqual(await end, { code: 0, stderr });
    });
  }

  /** What a fresh emulator prints for the person at the terminal. */
  async function guideOf(...flags: string[]): Promise<{ guide: string; line: Record<string, string> }> {
    const child = spawnCli(...flags);
    const end = exited(child);
    const line = await firstLine(child);
    child.kill("SIGTERM");
    return { guide: (await end).stderr, line };
  }

  it("tells on stderr how to configure a program, with secrets as secrets", async () => {
    const { guide, line } = await guideOf("--secret-key", "it's", "--security-token", "token");
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

  it("tells with --tls what to trust, and how", async () => {
    const { guide } = await guideOf("--tls");
    assert.match(guide, /caCertificate/);
    assert.match(guide, /NODE_EXTRA_CA_CERTS/);
  });

  it("ends with the npm that runs it", async function () {
    // npm compiles it first where a source has changed.
    this.timeout(120_000);
    const args = ["run", "--silent", "emulator", "--", "--port", "0"];
    const npm = spawn("npm", args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], detached: true });
    assert.ok(npm.pid);
    groups.push(npm.pid);
    const { url } = await firstLine(npm);
    const ended = once(npm, "close");
    npm.kill("SIGTERM");
    await ended;
    await assert.rejects(send(`${url}/emulator/sessions`), /ECONNREFUSED/);
  });

  it("explains its flags with --help and ends with 0", async () => {
    const child = spawnCli("--help");
    assert.ok(child.stdout);
    let stdout = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    assert.deepEqual(await exited(child), { code: 0, stderr: "" });
    assert.equal(stdout, usage);
  });

  for (const [what, flags, problem] of [
    ["an unknown flag", ["--nonsense"], /--nonsense/],
    ["an option that the emulator can't start with", ["--port", "70000"], /^emulator: --port must be/],
    [
      "an instance ID that is no UUID",
      ["--instance-id", "redis-1"],
      /^emulator: --instance-id must be a UUID/,
    ],
  ] as const) {
    it(`explains ${what} and ends with 2`, async () => {
      const { code, stderr } = await exited(spawnCli(...flags));
      assert.equal(code, 2);
      assert.match(stderr, /^emulator: .+\nRun with --help to see all options\.\n$/);
      assert.match(stderr, problem);
    });
  }

  it("adds the certificate to the line with --tls", async () => {
    const { casUrl, caCertificate } = await firstLine(spawnCli("--tls", "--cas-flavor", "apereo"));
    assert.match((await send(`${casUrl}/login`, { ca: caCertificate })).text, /geolocation/);
  });

  it("says in one line that the port is taken, and ends with 1", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    try {
      const { port }: { port?: number } = Object(other.address());
      const { code, stderr } = await exited(spawnCli("--port", String(port)));
      assert.equal(code, 1);
      assert.equal(stderr, "emulator: The port is already in use. Choose another with --port.\n");
    } finally {
      other.close();
    }
  });
});

describe("emulator: flags", () => {
  const given = (line: string) => {
    const entries = Object.entries(parseFlags(line.split(" "))?.options ?? {});
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  };

  it("are options by another name", () => {
    const line = "--port 8800 --tls --cas-flavor apereo --idle-seconds 9.5 --redis redis://127.0.0.1";
    assert.deepEqual(given(line), {
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

  const fixed = [
    "region",
    "accessKey",
    "secretKey",
    "authToken",
    "idpId",
    "idToken",
    "projectId",
    "instanceId",
    "redisPassword",
    "username",
    "password",
  ];
  const ids: Record<string, string> = {
    projectId: "0123456789abcdef0123456789abcdef",
    instanceId: "11111111-2222-3333-4444-555555555555",
  };
  for (const name of fixed) {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    it(`fix ${name}: ${flag}`, () => {
      const value = ids[name] ?? "given";
      assert.deepEqual(given(`${flag} ${value}`), { [name]: value });
    });
  }

  for (const line of [
    "--port eighty",
    "--port",
    "--cas-flavor central",
    "--idle-seconds -1",
    "--tls=no",
    "stray",
  ]) {
    it(`are refused: ${line}`, () => {
      assert.throws(() => parseFlags(line.split(" ")));
    });
  }
});
