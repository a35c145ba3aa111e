// One `pulumi up` or `pulumi destroy` in a process of its own, as in a user's shell: JOB. Prints its seconds.
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import { REGISTER } from "./contenders";
import type { Contender } from "./figures";
import type { Target } from "./target";

export interface Job {
  contender: Contender;
  size: number;
  action: "up" | "destroy";
  target: Target;
  stackName: string;
  workDir: string;
}

async function main({ contender, size, action, target, stackName, workDir }: Job): Promise<void> {
  const pulumiCommand = await PulumiCommand.get();
  printSeconds(pulumiCommand, action);
  const program = async () => {
    const register = REGISTER[contender](target);
    for (let index = 0; index < size; index++) register(`session-${index}`);
  };
  const stack = await LocalWorkspace.selectStack(
    { stackName, projectName: "bench", program },
    { workDir, pulumiCommand },
  );
  await stack[action]({ color: "never" });
}

/** Times the engine alone: nobody waits for what the Automation API asks it before and after. */
function printSeconds(command: PulumiCommand, action: string): void {
  // Its types leave out `run`.
  const run: (...args: unknown[]) => Promise<unknown> = Reflect.get(command, "run").bind(command);
  Reflect.set(command, "run", async (args: string[], ...rest: unknown[]) => {
    if (args[0] !== action) return run(args, ...rest);
    const start = performance.now();
    await run(args, ...rest);
    console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000 }));
    process.exit();
  });
}

// Ctrl-C reaches the engine too, which then ends in good order; this process waits for it.
process.on("SIGINT", () => {});
main(JSON.parse(process.argv[2] ?? "")).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
