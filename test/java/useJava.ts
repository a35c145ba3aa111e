import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { useFolder } from "../support/folder";
import { findJars } from "./jars";
import { writeSdk } from "./sdk";

const run = promisify(execFile);

export interface Java {
  /** Adds the classes of a source file to those that programs find. */
  compile(source: string): Promise<void>;
  /** Runs a class, and gives what it printed. */
  run(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string>;
}

/** A compiled SDK for the enclosing suite. */
export function useJava(): () => Java {
  const folder = useFolder();
  let java: Java | undefined;
  before(async function () {
    this.timeout(180_000);
    const jars = await findJars(console.log);
    // Nothing else that Pulumi's package needs is there for a program to compile against.
    const compileTime = ["pulumi.jar", "jsr305.jar"].map((name) => join(jars, name));
    const compile = async (sources: readonly string[]) => {
      const classPath = [folder(), ...compileTime].join(delimiter);
      await run("javac", ["--release", "11", "-d", folder(), "-cp", classPath, ...sources]);
    };
    await compile(await writeSdk(join(folder(), "sdk")));
    java = {
      compile: (source) => compile([source]),
      run: async (args, cwd, env) => {
        const classPath = [folder(), join(jars, "*")].join(delimiter);
        return (await run("java", ["-cp", classPath, ...args], { cwd, env })).stdout;
      },
    };
  });
  return () => {
    if (!java) throw new Error("Java is there within tests only");
    return java;
  };
}
