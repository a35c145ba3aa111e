// One `pulumi up` or `pulumi destroy` in a process of its own, as in a user's shell: JOB
import { LocalWorkspace, type LocalWorkspaceOptions, PulumiCommand } from "@pulumi/pulumi/automation";
import { CONTENDERS, type Contender } from "./contenders";
import type { Target } from "./target";

export interface Job {
  contender: Contender;
  size: number;
  action: "up" | "destroy";
  target: Target;
  stackName: string;
  projectName: string;
  workspace: LocalWorkspaceOptions;
  /** Of the engine; left out for the one on PATH. */
  engineRoot?: string;
}

async function main({ contender, size, action, target, ...job }: Job): Promise<void> {
  const pulumiCommand = await PulumiCommand.get(job.engineRoot ? { root: job.engineRoot } : undefined);
  timed(pulumiCommand, action);
  const program = async () => {
    const register = CONTENDERS[contender](target);
    for (let index = 0; index < size; index++) register(`session-${index}`);
  };
  const { stackName, projectName, workspace } = job;
  const stack = await LocalWorkspace.selectStack(
    { stackName, projectName, program },
    { ...workspace, pulumiCommand },
  );
  await stack[action]({ color: "never" });
}

/** Times the engine alone: nobody waits for what the Automation API asks it before and after. */
function timed(command: PulumiCommand, action: string): void {
  // Its types leave out `run`.
  const run: (...args: unknown[]) => Promise<unknown> = Reflect.get(command, "run").bind(command);
  Reflect.set(command, "run", async (args: string[], ...rest: unknown[]) => {
    if (args[0] !== action) return run(args, ...rest);
    process.send?.("started");
    const start = performance.now();
    await run(args, ...rest);
    process.send?.((performance.now() - start) / 1000);
    // Goes no further: the process ends once its CPU time has been read.
    return new Promise(() => {});
  });
}

// Ctrl-C reaches the engine too, which then ends in good order; this process waits for it.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit());
main(JSON.parse(process.argv[2] ?? "")).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
