import assert from "node:assert/strict";
import { configuredAgency, credentialsOf, keysOf, settingsOf, webCliAt } from "../support/credentials";
import { calls, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import type { Config } from "../support/lifecycles";
import { rejection } from "../support/rejection";

const ROLE = { agencyName: "operators", domainName: "target" };

describe("An agency that can't be assumed", () => {
  const emulator = useEmulator();
  useEnvironment(() => keysOf(emulator()));

  const check = () =>
    webCliAt(emulator(), configuredAgency()).check({}, { instanceId: emulator().instanceId });

  const refused: [number, string, () => unknown, RegExp][] = [
    [
      403,
      "does not trust this account",
      () => Object.assign(process.env, keysOf(emulator().makeForeignKeys())),
      /Check that the agency trusts this account/,
    ],
    [
      404,
      "does not exist",
      async () => Object.assign(process.env, keysOf(await emulator.start({ agencies: [] }))),
      /Check the names of the agency and of the account that has it/,
    ],
  ];
  for (const [status, what, arrange, advice] of refused) {
    it(`is told where it ${what}, without going on to other credentials`, async () => {
      await arrange();
      const { message } = await rejection(check());
      const agency = "the agency that huaweicloud-sessions:assumeRole.agencyName names";
      const answer = `POST /v3.0/OS-CREDENTIAL/securitytokens answered ${status}`;
      const start = `Could not check the WebCliSession: ${agency} gave no credentials: ${answer} (request ID `;
      assert.ok(message.startsWith(start), message);
      assert.match(message, advice);
      assert.deepEqual(calls(emulator()), ["iam.securityTokens"]);
    });
  }
});

describe("An agency that is set wrongly", () => {
  const wrong: [string, Record<string, string>, Config, string][] = [
    [
      "its account is missing",
      { HW_ASSUME_ROLE_AGENCY_NAME: "a" },
      {},
      "`HW_ASSUME_ROLE_DOMAIN_NAME` or `HW_ASSUME_ROLE_DOMAIN_ID` is required when `HW_ASSUME_ROLE_AGENCY_NAME` is set",
    ],
    [
      "its name is missing",
      { HW_ASSUME_ROLE_DOMAIN_NAME: "d" },
      {},
      "`HW_ASSUME_ROLE_AGENCY_NAME` is required when `HW_ASSUME_ROLE_DOMAIN_NAME` is set",
    ],
    [
      "its name is misspelled",
      {},
      configuredAgency({ agency: "a" }),
      "`huaweicloud-sessions:assumeRole.agencyName` is required when `huaweicloud-sessions:assumeRole` is set",
    ],
    ...[899, 86_401, 1000.5, "1h"].map((duration): [string, Record<string, string>, Config, string] => [
      `its time is ${duration}`,
      {},
      configuredAgency({ ...ROLE, duration }),
      "`huaweicloud-sessions:assumeRole.duration` must be a whole number of seconds from 900 to 86400",
    ]),
    [
      "its time in the environment is 12h",
      {
        HW_ASSUME_ROLE_AGENCY_NAME: "a",
        HW_ASSUME_ROLE_DOMAIN_NAME: "d",
        HW_ASSUME_ROLE_DURATION: "12h",
      },
      {},
      "`HW_ASSUME_ROLE_DURATION` must be a whole number of seconds from 900 to 86400",
    ],
    ["it is no object", {}, configuredAgency("a"), "`huaweicloud-sessions:assumeRole` must be an object"],
    [
      "there are several",
      {},
      { "huaweicloud:assumeRole": JSON.stringify([ROLE, ROLE]) },
      "`huaweicloud:assumeRole` must be an object",
    ],
  ];

  for (const [what, environment, config, problem] of wrong) {
    it(`is an error where ${what}`, async () => {
      const settings = settingsOf({ HW_ACCESS_KEY: "a", HW_SECRET_KEY: "s", ...environment }, config);
      assert.equal((await rejection(credentialsOf(settings))).message, problem);
    });
  }

  it("is no error where another one takes precedence over it", async () => {
    const settings = settingsOf({ HW_ASSUME_ROLE_DURATION: "900" }, configuredAgency());
    assert.deepEqual(await credentialsOf(settings, "https://dcs.eu-de.otc.t-systems.com"), []);
  });
});
