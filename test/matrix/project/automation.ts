// Runs one operation on the stack that the environment names, with a program in this process, and prints what changed.
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { CasSession, WebCliCommand, WebCliSession } from "pulumi-huaweicloud-sessions";

const { STACK: stackName = "", PROJECT: projectName = "", ARGUMENTS = "{}" } = process.env;
const { cache, manager } = JSON.parse(ARGUMENTS);

async function program() {
  const session = new WebCliSession("cache", cache);
  new WebCliCommand("size", { session, create: "DBSIZE" });
  new CasSession("manager", manager);
}

async function main() {
  const stack = await LocalWorkspace.selectStack(
    { stackName, projectName, program },
    { workDir: process.cwd() },
  );
  const operations = { up: () => stack.up(), refresh: () => stack.refresh(), destroy: () => stack.destroy() };
  const operation = Object.entries(operations).find(([name]) => name === process.argv[2])?.[1];
  const result = await operation?.();
  console.log(JSON.stringify(result?.summary.resourceChanges));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
