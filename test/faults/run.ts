import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

// The campaign at full length: random schedules and every sequence of answers, in a process each.
const mocha = resolve(__dirname, "../../node_modules/mocha/bin/mocha.js");
const args = [mocha, "--parallel", "--jobs", "2", "--timeout", "0", "test/faults/*.test.ts"];
const env = {
  ...process.env,
  FAULT_RUNS: process.env.FAULT_RUNS ?? "10000",
  FAULT_DEPTH: process.env.FAULT_DEPTH ?? "deep",
};
const { status } = spawnSync(process.execPath, args, {
  cwd: resolve(__dirname, "../.."),
  env,
  stdio: "inherit",
});
process.exitCode = status ?? 1;
