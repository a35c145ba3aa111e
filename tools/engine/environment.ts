// Names by which Pulumi, Huawei Cloud's tools and this project take settings: a user's own must not reach a
// stack that is made to be thrown away.
const FOREIGN = /^(PULUMI|HW|OS|CLOUD_SDK|HUAWEICLOUD)_/;

let holders = 0;
let hidden: [string, string][] = [];

/**
 * Takes those variables out of this process, because the engine inherits its environment and what the Automation
 * API is told is only added. Gives a function that puts them back, once the last one who asked has called it.
 */
export function hideForeignEnvironment(): () => void {
  if (holders++ === 0) {
    hidden = Object.entries(process.env).flatMap(([name, value]) =>
      FOREIGN.test(name) && value !== undefined ? [[name, value]] : [],
    );
    for (const [name] of hidden) delete process.env[name];
  }
  return () => {
    if (--holders === 0) for (const [name, value] of hidden) process.env[name] = value;
  };
}
