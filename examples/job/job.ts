// Opens the sessions of index.ts, runs the command that the arguments name, and closes the sessions again: also when
// the command fails, when `up` does, and on Ctrl+C or SIGTERM.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { LocalWorkspace, type OutputMap } from "@pulumi/pulumi/automation";

const streamed = {
  onOutput: (text: string) => process.stderr.write(text),
  onError: (text: string) => process.stderr.write(text),
};

// The signal ends the command. `up` and `destroy` finish what they are doing.
const stopped = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => stopped.abort(new Error(`Stopped by ${signal} before the job began.`)));
}

async function main([command, ...args]: string[]): Promise<number> {
  if (command === undefined) throw new Error("Usage: npm start -- COMMAND [ARGUMENT…]");
  const stack = await LocalWorkspace.createOrSelectStack(
    {
      stackName: process.env.STACK ?? "job",
      projectName: "job",
      program: async () => require("./index"),
    },
    { workDir: __dirname },
  );
  try {
    const { outputs } = await stack.up(streamed);
    return await run(command, args, outputs);
  } finally {
    // After a failed `up` too, which may have opened some of the sessions.
    await stack.destroy(streamed);
  }
}

/** Gives the command's exit code, or what a shell makes of the signal that ended it. */
function run(command: string, args: string[], outputs: OutputMap): Promise<number> {
  stopped.signal.throwIfAborted();
  const variables = Object.entries(outputs).map(([name, { value }]) => [name, String(value)]);
  const env = { ...process.env, ...Object.fromEntries(variables) };
  return new Promise((resolve, reject) => {
    const job = spawn(command, args, { env, stdio: "inherit" });
    stopped.signal.addEventListener("abort", () => job.kill("SIGTERM"));
    job.on("error", reject);
    job.on("exit", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
