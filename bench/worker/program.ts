import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import type { Job, Register, Report } from "./job";
import { watchEngine, watchRegistrations } from "./watch";

const job: Job = JSON.parse(process.argv[2] ?? "{}");
let firstRegistrationMs: number | undefined;

function say(report: Report): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

/** As in a user's program, loading the libraries is part of it; only @pulumi/pulumi is loaded already. */
async function program(): Promise<void> {
  const start = performance.now();
  watchRegistrations(() => {
    firstRegistrationMs = performance.now() - start;
  });
  const { register }: { register: Register } = require(`./contenders/${job.contender}`);
  register(job.count, job.target);
}

async function select(): Promise<Stack> {
  const { stackName, projectName, workDir, pulumiHome, env: envVars, engineRoot: root } = job;
  const pulumiCommand = await PulumiCommand.get(root === undefined ? undefined : { root });
  const workspace = { pulumiCommand, workDir, pulumiHome, envVars };
  return LocalWorkspace.selectStack({ stackName, projectName, program }, workspace);
}

async function main(): Promise<void> {
  const stack = await select();
  let printed = "";
  watchEngine(job.action, {
    started: () => say({ at: "started" }),
    ended: (seconds, ok) => {
      say({ at: "finished", seconds, ok, firstRegistrationMs });
      if (ok) process.exit();
    },
  });
  const onOutput = (text: string) => {
    printed = (printed + text).slice(-4_000);
  };
  try {
    await stack[job.action]({ onOutput, onError: onOutput, color: "never" });
  } catch {
    throw new Error(`pulumi ${job.action} failed, and printed last:\n${printed}`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
