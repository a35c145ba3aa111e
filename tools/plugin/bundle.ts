import { readdirSync, readFileSync } from "node:fs";
import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import { engines } from "../../package.json";

const ROOT = join(__dirname, "../..");
export const EXECUTABLE = "pulumi-resource-huaweicloud-sessions";

/** What makes the folder run as a plugin, beside its PulumiPlugin.yaml. */
export const PLUGIN_FOLDER = join(ROOT, "plugin");

const OLDEST_NODE = engines.node.replace(">=", "");
const NEEDS_NODE = `The Pulumi plugin huaweicloud-sessions needs Node.js ${OLDEST_NODE} or later (https://nodejs.org/)`;

// A shell script to the kernel, which finds node or says that there is none, and JavaScript to node.
const HEADER = `#!/bin/sh
":" //; command -v node >/dev/null 2>&1 || { echo "${NEEDS_NODE}, and there is no node on PATH." >&2; exit 1; }
":" //; exec node "$0" "$@"
{
  // Without localeCompare, which takes 7 ms to load its rules.
  const numberOf = (version) => version.split(".").reduce((sum, part) => sum * 1000 + parseInt(part, 10), 0);
  if (numberOf(process.versions.node) < numberOf("${OLDEST_NODE}")) {
    console.error("${NEEDS_NODE}, and " + process.execPath + " is " + process.version + ".");
    process.exit(1);
  }
}`;

/**
 * Leaves out what axios loads at every start and the plugin never uses: its adapter for fetch, for which Node.js sets
 * up undici, and forms, which come with a list of all media types.
 */
const WITHOUT_FETCH_AND_FORMS: Plugin = {
  name: "without fetch and forms",
  setup({ onLoad }) {
    const filter = /axios.lib.(adapters.fetch|platform.node.classes.FormData)\.js$/;
    onLoad({ filter }, () => ({
      contents: "export default undefined; export const getFetch = () => undefined;",
    }));
  },
};

/** Bundles the plugin into one executable file, with its schema and the licenses of what is in it. */
export async function bundlePlugin(folder: string): Promise<void> {
  const outfile = join(folder, EXECUTABLE);
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    entryPoints: [join(ROOT, "provider/plugin/main.ts")],
    absWorkingDir: ROOT,
    outfile,
    bundle: true,
    plugins: [WITHOUT_FETCH_AND_FORMS],
    // Short names make the file smaller, but V8 takes 13 ms longer to start it.
    minifyWhitespace: true,
    minifySyntax: true,
    platform: "node",
    // An older Node.js has to get as far as the sentence above.
    target: "node12",
    // For channelz only, which nobody asks for.
    external: ["@grpc/proto-loader"],
    banner: { js: HEADER },
    legalComments: "none",
    metafile: true,
  });
  await chmod(outfile, 0o755);
  await copyFile(join(ROOT, "provider/plugin/schema.json"), join(folder, "schema.json"));
  await writeFile(join(folder, "LICENSES"), licensesOf(metafile));
}

function licensesOf({ inputs }: Metafile): string {
  const packages = Object.keys(inputs).flatMap(
    (file) => file.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? [],
  );
  const texts = [...new Set(packages)].sort().map((folder) => licenseOf(join(ROOT, folder)));
  return ["This plugin holds the following packages.", ...texts].join(`\n\n${"-".repeat(80)}\n\n`);
}

function licenseOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder);
  const file = files.find((entry) => /^licen[cs]e/i.test(entry));
  const readme = files.find((entry) => /^readme/i.test(entry));
  const text = file
    ? readFileSync(join(folder, file), "utf8")
    : readme && /^(#+ *)?license\b[\s\S]*/im.exec(readFileSync(join(folder, readme), "utf8"))?.[0];
  if (!text || !license) throw new Error(`${name} ${version} comes without the text of its license`);
  return `${name} ${version}: ${license}\n\n${text.trim()}`;
}

if (require.main === module) void bundlePlugin(PLUGIN_FOLDER);
