import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** A child process with a folder of its own, neither of which outlives this process. */
export class OwnProcess {
  private readonly leave = () => {
    this.child.kill("SIGKILL");
    rmSync(this.home, { recursive: true, force: true, maxRetries: 3 });
  };
  private readonly interrupted = () => process.exit(130);

  private constructor(
    private readonly child: ChildProcess,
    private readonly home: string,
  ) {
    process.on("exit", this.leave);
    process.on("SIGINT", this.interrupted);
    process.on("SIGTERM", this.interrupted);
  }

  /** Starts a command in the folder, with all that it prints in the file. */
  static async start(command: string, args: string[], home: string, log: string): Promise<OwnProcess> {
    const file: FileHandle = await open(log, "w");
    try {
      const child = spawn(command, args, { cwd: home, stdio: ["ignore", file.fd, file.fd] });
      await once(child, "spawn");
      return new OwnProcess(child, home);
    } finally {
      await file.close();
    }
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Ends it at once: it holds nothing that is worth saving. */
  async stop(): Promise<void> {
    const exited = this.isRunning ? once(this.child, "exit") : undefined;
    this.child.kill("SIGKILL");
    await exited;
    process.off("exit", this.leave);
    process.off("SIGINT", this.interrupted);
    process.off("SIGTERM", this.interrupted);
    rmSync(this.home, { recursive: true, force: true });
  }
}
