import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BadOption, type EmulatorOptions, startEmulator } from "../../../emulator";
import { casLoginPages, casServices } from "../../../emulator/cas/choices";
import { flagOf, usage } from "../../../emulator/flags";
import { optionRules } from "../../../emulator/optionRules";

const README = readFileSync(join(__dirname, "../../../emulator/README.md"), "utf8");

describe("emulator: options", () => {
  const misspelled = { casFlavour: "mrs" } as const;

  it("are refused by the compiler where a variable or a spread holds an unknown one", async () => {
    // @ts-expect-error: unknown option
    await assert.rejects(startEmulator(misspelled), BadOption);
    // @ts-expect-error: unknown option
    await assert.rejects(startEmulator({ ...misspelled, port: 0 }), BadOption);
  });

  for (const [options, message] of [
    [{ casFlavour: "mrs" }, "casFlavour is no option of the emulator; did you mean casFlavor?"],
    [{ probeLies: true }, "probeLies is no option of the emulator."],
    [{ port: -1 }, "port must be a whole number, from 0 to 65535."],
    [{ port: 65_536 }, "port must be a whole number, from 0 to 65535."],
    [{ port: "8800" }, "port must be a whole number, from 0 to 65535."],
    [{ tls: "yes" }, "tls must be true or false."],
    [{ idleSeconds: 0 }, "idleSeconds must be a number of seconds greater than 0."],
    [{ redis: "127.0.0.1:6379" }, "redis must be a URL such as redis://127.0.0.1:6379."],
    [{ redis: "http://127.0.0.1" }, "redis must be a URL such as redis://127.0.0.1:6379."],
    [{ casFlavor: "cas" }, "casFlavor must be one of mrs, jasig, apereo."],
    [{ goneLogout: 500 }, "goneLogout must be one of 204, 400."],
    [{ services: [1] }, 'services must be "any" or a list of URLs.'],
    [{ agencies: [1] }, 'agencies must be "any" or a list of names.'],
    [{ projectId: "short" }, "projectId must be 32 hex digits in lower case."],
    [
      { instanceId: "short" },
      "instanceId must be a UUID in lower case, such as 6f1c3e0a-4d2b-4b8e-9a57-0c1d2e3f4a5b.",
    ],
    [{ projects: -1 }, "projects must be a whole number, 0 or more."],
    [{ casCookieName: "a b" }, "casCookieName must consist of letters, digits, - and _."],
    [{ casNodes: 0 }, "casNodes must be a whole number, from 1 to 9."],
  ] as const) {
    it(`are refused at run time: ${JSON.stringify(options)}`, async () => {
      const untyped: object = options;
      await assert.rejects(startEmulator(untyped), { name: "Error", message });
    });
  }

  it("count as left out where they are undefined", async () => {
    const options: EmulatorOptions = { casFlavor: undefined, port: undefined };
    await (await startEmulator(options)).close();
  });

  for (const value of [...casLoginPages, ...casServices]) {
    it(`have their values in the help and in the README: ${value}`, () => {
      assert.match(usage, new RegExp(`[ :]${value}(?![\\w-])`));
      assert.ok(README.includes(`\`${value}\``));
    });
  }

  for (const [option, { flag }] of Object.entries(optionRules)) {
    if (flag === undefined) continue;
    it(`have their flag in the help and in the README: ${flagOf(option)}`, () => {
      const named = new RegExp(`--(no-)?${flagOf(option).slice(2)}(?![\\w-])`);
      assert.match(usage, named);
      assert.match(README, named);
    });
  }
});
