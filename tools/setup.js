#!/usr/bin/env node
// Runs before `npm start` and `npm test`, in a clone that may hold nothing but the sources: plain JavaScript
// and no packages.
const { spawnSync } = require("node:child_process");
const { mkdirSync, readdirSync, statSync, symlinkSync } = require("node:fs");
const { join, resolve } = require("node:path");

const ROOT = resolve(__dirname, "..");
const OLDEST_NODE = require("../package.json").engines.node.replace(">=", "");
// npm writes its two lock files side by side, in either order.
const LOCK_FILE_SLACK_MS = 5_000;
const BUILT = ["dist/provider/index.js", "emulator/dist/index.js"];
const SOURCES = ["provider", "emulator", "tsconfig.json", "tsconfig.build.json"];

function modified(path) {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs;
}

// A directory's own time counts too: it is all that a deleted file changes. What a build wrote is no source.
function newest(path) {
  const own = modified(path) ?? 0;
  if (!statSync(join(ROOT, path), { throwIfNoEntry: false })?.isDirectory()) return own;
  const sources = readdirSync(join(ROOT, path)).filter((name) => name !== "dist" && name !== "node_modules");
  return Math.max(own, ...sources.map((name) => newest(join(path, name))));
}

function needsInstall() {
  const installed = modified("node_modules/.package-lock.json");
  return installed === undefined || installed + LOCK_FILE_SLACK_MS < (modified("package-lock.json") ?? 0);
}

function needsBuild() {
  const oldest = Math.min(...BUILT.map((path) => modified(path) ?? 0));
  return oldest < Math.max(...SOURCES.map(newest));
}

// The examples have a package.json of their own, as a user's copy has, and so no longer find this package by its name.
function linkExamples() {
  const folder = join(ROOT, "examples/node_modules");
  const link = join(folder, "pulumi-huaweicloud-sessions");
  if (statSync(link, { throwIfNoEntry: false })) return;
  mkdirSync(folder, { recursive: true });
  symlinkSync("../..", link, "junction");
}

function npm(args, what) {
  console.error(`${what} (npm ${args.join(" ")})`);
  // npm names its own script in the environment; a bare `npm` on Windows is a .cmd that only a shell can start.
  const own = process.env.npm_execpath;
  const [command, first] = own?.endsWith(".js") ? [process.execPath, [own]] : ["npm", []];
  const shell = command === "npm" && process.platform === "win32";
  const options = { cwd: ROOT, encoding: "utf8", shell, maxBuffer: 2 ** 26 };
  const done = spawnSync(command, [...first, ...args], options);
  if (done.status === 0) return;
  process.stderr.write(`${done.stdout ?? ""}${done.stderr ?? ""}`);
  const reason =
    done.error?.message ?? (done.signal ? `ended by ${done.signal}` : `exit code ${done.status}`);
  console.error(`npm ${args.join(" ")} failed: ${reason}`);
  process.exit(done.status || 1);
}

function main() {
  if (process.versions.node.localeCompare(OLDEST_NODE, undefined, { numeric: true }) < 0) {
    console.error(
      `This needs Node.js ${OLDEST_NODE} or later, and runs on ${process.version} (${process.execPath}): install a current one from https://nodejs.org/ or with your version manager.`,
    );
    process.exit(1);
  }
  if (needsInstall()) npm(["ci"], "Installing the packages of package-lock.json, about 20 s");
  if (needsBuild()) npm(["run", "build"], "Compiling the provider and the emulator, about 5 s");
  linkExamples();
}

main();
