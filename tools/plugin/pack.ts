import { copyFile, cp, mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "tar";
import { version } from "../../package.json";
import { bundlePlugin, EXECUTABLE } from "./bundle";

const ROOT = join(__dirname, "../..");
const HOSTED = join(__dirname, "hosted");

/** In bytes: what is larger has bundled something that the plugin does not need. */
const LARGEST_ARCHIVE = 600_000;

const LICENSES = ["LICENSE", "LICENSES"];

/** The same file runs on all of them, but Pulumi looks for one archive for each. */
const RUN_EXECUTABLE = ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64"];
/** Where an executable is an .exe. They get the same file as a program for Pulumi's Node.js language host. */
const RUN_BY_HOST = ["windows-amd64", "windows-arm64"];

export const archiveName = (platform: string) => `${EXECUTABLE}-v${version}-${platform}.tar.gz`;

/** Makes the archives of a release. */
export async function pack(to: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "pack-"));
  try {
    await bundlePlugin(folder);
    await copyFile(join(folder, EXECUTABLE), join(folder, "index.js"));
    await copyFile(join(ROOT, "LICENSE"), join(folder, "LICENSE"));
    await cp(HOSTED, folder, { recursive: true });
    const program = ["index.js", ...(await readdir(HOSTED)).sort()];
    // For whoever puts the plugin on PATH.
    await copyFile(join(folder, EXECUTABLE), join(to, EXECUTABLE));
    for (const platform of RUN_EXECUTABLE) await archive(folder, [EXECUTABLE, ...LICENSES], to, platform);
    for (const platform of RUN_BY_HOST) await archive(folder, [...program, ...LICENSES], to, platform);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function archive(cwd: string, files: string[], to: string, platform: string): Promise<void> {
  const name = archiveName(platform);
  const file = join(to, name);
  // Without the times and owners of this machine, the same sources make the same archive.
  await create({ file, cwd, gzip: { level: 9 }, portable: true, mtime: new Date(0) }, files);
  const { size } = await stat(file);
  if (size > LARGEST_ARCHIVE) throw new Error(`${name} has ${size} bytes, more than ${LARGEST_ARCHIVE}`);
}

async function main(): Promise<void> {
  const to = join(ROOT, "plugin-dist");
  await rm(to, { recursive: true, force: true });
  await mkdir(to);
  await pack(to);
  for (const name of await readdir(to)) {
    console.log(`plugin-dist/${name}: ${Math.ceil((await stat(join(to, name))).size / 1000)} KB`);
  }
}

if (require.main === module) void main();
