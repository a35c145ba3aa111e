import assert from "node:assert/strict";
import { unknownSettings } from "../../provider/resources/warnings";

const ROLE = "huaweicloud-sessions:assumeRole";

describe("The stack's configuration", () => {
  const unknown: [string, Record<string, string>, string][] = [
    [
      "a misspelled setting",
      { "huaweicloud-sessions:acesKey": "s3cr3t" },
      "`huaweicloud-sessions:acesKey`, which is not a setting; did you mean `huaweicloud-sessions:accessKey`?",
    ],
    [
      "a part of a setting's name",
      { "huaweicloud-sessions:endpoint": "s3cr3t" },
      "`huaweicloud-sessions:endpoint`, which is not a setting; did you mean `huaweicloud-sessions:dcsEndpoint`?",
    ],
    [
      "a misspelled key of an agency",
      { [ROLE]: '{"agencyName":"s3cr3t","domian":"s3cr3t"}' },
      `\`${ROLE}.domian\`, which is not a setting; there are agencyName, domainName, domainId, duration.`,
    ],
  ];
  for (const [what, config, problem] of unknown) {
    it(`has ${what} told, without its value`, () => {
      assert.deepEqual(unknownSettings(config), [`The stack's configuration holds ${problem}`]);
    });
  }

  it("may hold what the engine and others read", () => {
    const config = {
      "huaweicloud-sessions:region": "eu-de",
      "huaweicloud-sessions:pluginDownloadURL": "github://x",
      [ROLE]: '{"agencyName":"a","domainId":"d"}',
      "huaweicloud:anything": "x",
      "project:endpoint": "x",
    };
    assert.deepEqual(unknownSettings(config), []);
  });
});
