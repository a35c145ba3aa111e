import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { create } from "tar";
import { version } from "../../package.json";
import { findEngine } from "../../tools/engine";
import { EXECUTABLE } from "../../tools/plugin/bundle";
import { blocksUnder } from "./markdown";

const PAGE = join(__dirname, "../../docs/shell.md");

/** How the page installs the plugin of this release. */
const FROM_RELEASE = `v${version} \\
  --server github://api.github.com/pulumi-huaweicloud-sessions/pulumi-huaweicloud-sessions`;

/** What the page says under a heading in a block of one language; there may be several of them. */
export function pageBlocks(heading: string, language: string): string[] {
  return blocksUnder(PAGE, heading).flatMap((block) => (block.language === language ? [block.code] : []));
}

/** A text of the page, with what a reader replaces replaced. */
export function fillIn(pageText: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((filled, [placeholder, value]) => {
    if (!pageText.includes(placeholder)) throw new Error(`docs/shell.md no longer says ${placeholder}`);
    return filled.replaceAll(placeholder, value);
  }, pageText);
}

/** The oldest that keeps a session when its logout fails: https://github.com/pulumi/pulumi/pull/24271 */
const OLDEST_DO = "3.259.0";

/** Where the engine is too old for `pulumi do`, the enclosing suite counts as not run. */
export function usePulumiDo(): void {
  before(async function () {
    const { version: found } = (await findEngine(console.log)).pulumiCommand;
    if (found !== null && found.compare(OLDEST_DO) >= 0) return;
    console.log(`Not run, because Pulumi ${found} is older than ${OLDEST_DO}.`);
    this.skip();
  });
}

/** A fresh reader for each test of the enclosing suite, with these folders on PATH. */
export function useReader(plugin: () => string, ...folders: (() => string)[]): () => Reader {
  let reader: Reader | undefined;
  beforeEach(async () => {
    reader = await Reader.start(
      plugin(),
      folders.map((folder) => folder()),
    );
  });
  afterEach(() => reader?.end());
  return () => {
    if (!reader) throw new Error("the reader is there within tests only");
    return reader;
  };
}

/** An empty folder of a reader's, with a home and a backend of its own. */
export class Reader {
  private constructor(
    private readonly root: string,
    private readonly archive: string,
    private readonly path: string,
  ) {}

  /** With the plugin's archive as a release has it. */
  static async start(plugin: string, folders: string[]): Promise<Reader> {
    const root = await mkdtemp(join(tmpdir(), "shell-"));
    for (const folder of ["folder", "backend", "home"]) await mkdir(join(root, folder));
    const archive = join(root, "plugin.tar.gz");
    await create({ file: archive, cwd: plugin, gzip: true }, [EXECUTABLE]);
    const engine = await findEngine(console.log);
    const path = [dirname(engine.path), ...folders, process.env.PATH].join(delimiter);
    return new Reader(root, archive, path);
  }

  /** Leaves nothing behind. */
  end(): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }

  write(file: string, content: string): Promise<void> {
    return writeFile(join(this.root, "folder", file), content);
  }

  /** Types lines of the page in bash, and `input` where they ask for it. Gives what they printed. */
  async type(lines: string, input = "", variables: Record<string, string> = {}): Promise<string> {
    const script = fillIn(lines, { [FROM_RELEASE]: `v${version} --file '${this.archive}'` });
    const env = {
      PATH: this.path,
      HOME: join(this.root, "home"),
      PULUMI_HOME: join(this.root, "home"),
      PULUMI_BACKEND_URL: pathToFileURL(join(this.root, "backend")).href,
      PULUMI_CONFIG_PASSPHRASE: "a reader's",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      HUAWEICLOUD_SDK_METADATA_DISABLED: "true",
      ...variables,
    };
    const shell = spawn("bash", ["--norc", "-euo", "pipefail", "-c", script], {
      cwd: join(this.root, "folder"),
      env,
    });
    shell.stdin.end(`${input}\n`);
    const [printed, complaints, [code]] = await Promise.all([
      text(shell.stdout),
      text(shell.stderr),
      once(shell, "close"),
    ]);
    if (code !== 0) throw new Error(`bash ended with exit code ${code}:\n${printed}\n${complaints}`);
    return printed;
  }

  /** Everything in the backend: the state, its backups, and the history. */
  async backend(): Promise<string> {
    const folder = join(this.root, "backend");
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.flatMap((entry) => (entry.isFile() ? join(entry.parentPath, entry.name) : []));
    return (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("\n");
  }
}
