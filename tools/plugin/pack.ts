import { copyFile, mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { create } from "tar";
import { version } from "../../package.json";
import { bundlePlugin, EXECUTABLE, PLUGIN_FOLDER } from "./bundle";

const ROOT = join(__dirname, "../..");
const TO = join(ROOT, "plugin-dist");

/** In bytes: what is larger has bundled something that the plugin does not need. */
const LARGEST_ARCHIVE = 600_000;

/** The same file runs on all of them, but Pulumi looks for one archive for each. */
const PLATFORMS = ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64"];

async function pack(): Promise<void> {
  await bundlePlugin(PLUGIN_FOLDER);
  await rm(TO, { recursive: true, force: true });
  await mkdir(TO);
  await copyFile(join(PLUGIN_FOLDER, EXECUTABLE), join(TO, EXECUTABLE));
  await copyFile(join(PLUGIN_FOLDER, "LICENSES"), join(TO, "LICENSES"));
  await copyFile(join(ROOT, "LICENSE"), join(TO, "LICENSE"));
  for (const platform of PLATFORMS) {
    const file = join(TO, `${EXECUTABLE}-v${version}-${platform}.tar.gz`);
    // Without the times and owners of this machine, the same sources make the same archive.
    await create({ file, cwd: TO, gzip: { level: 9 }, portable: true, mtime: new Date(0) }, [
      EXECUTABLE,
      "LICENSE",
      "LICENSES",
    ]);
    const { size } = await stat(file);
    if (size > LARGEST_ARCHIVE) throw new Error(`${file} has ${size} bytes, more than ${LARGEST_ARCHIVE}`);
    console.log(`${file.slice(ROOT.length + 1)}: ${Math.ceil(size / 1000)} KB`);
  }
  for (const name of ["LICENSE", "LICENSES"]) await rm(join(TO, name));
}

void pack();
