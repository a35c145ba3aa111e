import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ADDRESSES, allCells, type Cell, ROUTES, TRUSTS } from "./cells";
import { type Certificates, makeCertificates } from "./certificates";
import { askCurl, type Outcome, Product, type Task } from "./clients";
import { documented } from "./documented";
import { networkProblem, setUpNetwork } from "./network";
import { CREDENTIALS, type Proxies, startProxies } from "./proxies";
import { Servers } from "./servers";

/** How many cells are lived at once. */
const TOGETHER = 10;

class Field {
  /** The cells that differ, each with what was right and what was found. */
  readonly differences = new Map<Cell, string>();
  readonly reasons = new Map<Cell, string>();
  private count = 0;
  private readonly product = new Product();
  private readonly servers: Servers;

  constructor(
    private readonly folder: string,
    private readonly certificates: Certificates,
    private readonly proxies: Proxies,
  ) {
    this.servers = new Servers(certificates);
    for (const [name, text] of Object.entries(certificates.authorities)) this.file(name, text);
  }

  /** Lives a cell with both clients. */
  async live(cell: Cell): Promise<void> {
    const id = this.count++;
    const forProduct = await this.task(cell, `${id}/product`);
    const forCurl = await this.task(cell, `${id}/curl`);
    const ca = forCurl.trust.caCertificate;
    const [ours, theirs] = await Promise.all([
      this.product.ask(forProduct),
      askCurl(forCurl, ca && this.file(`ca-${id}`, ca)),
    ]);
    const found = this.verdict(forProduct, ours);
    const wanted = documented(cell);
    if (wanted) this.reasons.set(cell, wanted.why);
    const right = wanted?.verdict ?? this.verdict(forCurl, theirs);
    this.differences.delete(cell);
    const agrees = found === right || (right === "failed" && found.startsWith("failed"));
    if (!agrees)
      this.differences.set(
        cell,
        `${right} (${wanted?.why ?? theirs.said})
  ${found} (${ours.said})`,
      );
    const times = this.arrivals(forProduct.urls.at(-1) ?? "").length;
    if (forProduct.once && times > 1) this.differences.set(cell, `what is sent once came ${times} times`);
  }

  async close(): Promise<void> {
    this.product.close();
    await this.servers.close();
  }

  private async task(cell: Cell, path: string): Promise<Task> {
    const port = await this.servers.port(cell.certificate, cell.tls, cell.connection);
    const { system, ca, pin } = TRUSTS[cell.trust] ?? {};
    const { leaf = "", cert = "" } = this.certificates.servers[cell.certificate] ?? {};
    const given = { leaf, chain: cert, ...this.certificates.authorities };
    const fingerprint = pin === "wrong" ? "00".repeat(32) : new X509Certificate(leaf).fingerprint256;
    const count = cell.exchange === "one" ? 1 : 2;
    return {
      urls: Array.from(
        { length: count },
        (_, at) => `https://${ADDRESSES[cell.address]}:${port}/${path}/${at}`,
      ),
      once: cell.exchange === "login",
      environment: this.environment(cell.route, port),
      trust: {
        caCertificate: ca && Object.entries(given).find(([name]) => name === ca)?.[1],
        ...(pin ? { certificateFingerprint: fingerprint } : {}),
      },
      // An authority that issued nothing stands for what a machine trusts by itself.
      system: join(this.folder, `${system ?? "other"}.pem`),
    };
  }

  private environment(route: string, port: number): Record<string, string> {
    const [, exempt] = /^NO_PROXY=(.*)$/.exec(route) ?? [];
    const variables = exempt ? { ...ROUTES.HTTPS_PROXY, NO_PROXY: exempt } : ROUTES[route];
    const fill = (value: string) =>
      value
        .replace(/PORT:(\w+)/, (_, name) => String(this.proxies.ports[name]))
        .replace("CREDENTIALS", CREDENTIALS)
        .replace("PORT", String(port));
    return Object.fromEntries(Object.entries(variables ?? {}).map(([name, value]) => [name, fill(value)]));
  }

  /** What came of each request, and by which way it reached the server. */
  private verdict({ urls }: Task, { statuses }: Outcome): string {
    return urls
      .map((url, at) => {
        const [way] = this.arrivals(url);
        const status = statuses[at];
        return status ? `answered ${status} (${way ?? "by nobody"})` : way ? `failed (${way})` : "refused";
      })
      .join(", ");
  }

  private arrivals(url: string): string[] {
    const { pathname } = new URL(url);
    return this.servers.arrivals.flatMap(({ path, way }) => (path === pathname ? [way] : []));
  }

  private file(name: string, text: string): string {
    const path = join(this.folder, `${name}.pem`);
    writeFileSync(path, text);
    return path;
  }
}

async function main(): Promise<void> {
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "field-"));
  setUpNetwork(folder);
  const certificates = await makeCertificates(folder);
  const proxies = await startProxies(folder, certificates);
  const field = new Field(folder, certificates, proxies);
  try {
    const words = process.argv.slice(2);
    const chosen = allCells().filter((cell) => words.every((word) => Object.values(cell).includes(word)));
    const cells = chosen.filter(({ route }) => !proxies.leftOut.includes(route));
    const waiting = [...cells];
    const live = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await field.live(next);
    };
    await Promise.all(Array.from({ length: TOGETHER }, live));
    // A connection that is being closed is a race, so that only what differs each time counts.
    for (const cell of [...field.differences.keys(), ...field.differences.keys()]) await field.live(cell);
    report(field, cells.length, performance.now() - started);
    if (proxies.untrustedAsked() > 0)
      fail(`Proxies that are not trusted were asked ${proxies.untrustedAsked()} times.`);
    const leftOut = chosen.length - cells.length;
    if (leftOut > 0)
      fail(`Left out: ${leftOut} cells, because ${proxies.leftOut.join(" and ")} is not installed.`);
  } finally {
    proxies.close();
    await field.close();
    rmSync(folder, { recursive: true });
  }
}

function report({ differences, reasons }: Field, cells: number, ms: number): void {
  for (const [cell, difference] of differences) {
    console.log(`${Object.values(cell).join(" | ")}\n  ${difference}`);
  }
  console.log(
    `${cells} ways to a server in ${Math.round(ms / 1000)} s. By the documentation, and not by curl:`,
  );
  for (const why of new Set(reasons.values())) {
    console.log(`  ${[...reasons.values()].filter((other) => other === why).length} ${why}`);
  }
  console.log(`${differences.size} differ.`);
  if (differences.size > 0) process.exitCode = 1;
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

/** Runs the field in a network of its own. */
function start(): void {
  const problem = spawnSync("curl", ["--version"]).error ? "needs curl" : networkProblem();
  if (problem) {
    fail(`Left out: all ${allCells().length} cells, because test:field ${problem}.`);
    return;
  }
  const command = [
    process.execPath,
    "-r",
    "ts-node/register/transpile-only",
    __filename,
    ...process.argv.slice(2),
  ];
  const env = { ...process.env, FIELD_NETWORK: "1" };
  const { status } = spawnSync("unshare", ["--net", "--mount", ...command], { env, stdio: "inherit" });
  process.exitCode = status ?? 1;
}

if (process.env.FIELD_NETWORK) void main();
else start();
