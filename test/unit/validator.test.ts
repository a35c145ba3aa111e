import assert from "node:assert/strict";
import { rules } from "../../provider/check/rules";
import { Validator } from "../../provider/check/validator";
import { UNKNOWN } from "../../provider/engine";

/** What each rule accepts and what it refuses. */
const RULES: [keyof typeof rules, string[], string[]][] = [
  ["id", ["a", "dcs-1_x", "0".repeat(64)], ["-a", "a/b", "a b", "a\n", "ö", "0".repeat(65)]],
  [
    "dcsEndpoint",
    ["https://a", "https://a:1/cas", "http://localhost:1", "http://127.10.0.200", "http://[::1]:8800/cas"],
    [
      ...["a", "ftp://a", "http://a", "http://0.0.0.0", "http://127.0.0.1.evil.example", "http://xlocalhost"],
      ...["http://localhost.example", "https://a b", "https://a\n", "https://u@a", "https://:p@a"],
      ...["https://a?q", "https://a/?", "https://a#f", "https://a/#", "https://a/100%"],
    ],
  ],
  ["region", ["eu-de", "cn-north-4", "eu-west-101", "ap-southeast-1"], ["EU-DE", "eu.de", "eu de", "de"]],
  [
    "service",
    ["https://a/b?c=d", "http://a"],
    ["a", "xhttps://a", "https://", "https://a b", "https://a\n", "javascript:https://a"],
  ],
  ["header", ["curl/8 (x)"], ["a\rb", "a\nb", "ä", "\u0000"]],
  ["clientId", ["45934af8", "x".repeat(512)], ["a b", "a\n", "a\u0000", "x".repeat(513)]],
  [
    "cookie",
    ["TGC=x", "CASTGC=TGT-1-a/b=="],
    ["TGC", "=x", "TGC=", "TGC=a;b", "TGC=a b", "T C=a", "TGC=a\r\n"],
  ],
  [
    "fingerprint",
    ["aB".repeat(32), Array(32).fill("00").join(":"), `SHA256 Fingerprint=${"AB".repeat(32)}`],
    ["ab".repeat(31), "ab".repeat(33), `x${"ab".repeat(32)}`, `${"ab".repeat(32)}x`, "zz".repeat(32)],
  ],
  ["certificate", [], ["x", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"]],
];

for (const [rule, right, wrong] of RULES) {
  describe(`The rule \`${rule}\``, () => {
    for (const value of right) {
      it(`accepts ${JSON.stringify(value)}`, () => assert.equal(rules[rule](value), undefined));
    }
    for (const value of wrong) {
      it(`refuses ${JSON.stringify(value)}`, () => assert.match(rules[rule](value) ?? "", /^must /));
    }
  });
}

describe("The validator", () => {
  const ARGS = {
    name: { type: "string", required: true },
    flag: { type: "boolean" },
    number: { type: "integer" },
    triggers: { type: "strings", maybeSecret: true },
    password: { type: "string", secret: true },
  } as const;
  const validate = (news: Record<string, unknown>) =>
    new Validator("WebCliSession", ARGS, { name: "a", ...news });

  it("reports each argument once, by the first thing that is wrong with it", () => {
    const validator = validate({});
    validator.addFailure("flag", "is wrong");
    validator.addFailure("flag", "is wrong in another way");
    assert.deepEqual(validator.failures, [{ property: "flag", reason: "`flag` is wrong." }]);
  });

  it("refuses a value of another type, and keeps it from the rules", () => {
    const validator = validate({ name: 5, number: "5", triggers: [5] });
    assert.deepEqual(
      validator.failures.map(({ reason }) => reason),
      [
        "`name` must be a string.",
        "`number` must be 0 or a positive whole number.",
        "`triggers` must be a list of strings.",
      ],
    );
    assert.deepEqual(validator.values, {});
  });

  it("knows no argument that every object has", () => {
    const [one, other] = validate({ constructor: "x", toString: "x" }).failures;
    assert.match(one?.reason ?? "", /has no argument `constructor`/);
    assert.match(other?.reason ?? "", /has no argument `toString`/);
  });

  it("names an output that was put into a text", () => {
    const output =
      "Calling [toString] on an [Output<T>] is not supported.\n\nTo get the value of an Output<T> …";
    const [failure] = validate({ name: `https://${output}` }).failures;
    assert.match(failure?.reason ?? "", /^`name` holds an output .* use `pulumi\.interpolate`/);
  });

  it("refuses half of a character, which would be sent as another one", () => {
    const [failure] = validate({ password: "p\ud83d" }).failures;
    assert.match(failure?.reason ?? "", /^`password` must be well-formed Unicode/);
    assert.deepEqual(validate({ password: "p\u{1f511}" }).failures, []);
  });

  it("treats null like an argument that was left out", () => {
    const validator = validate({ name: null, number: null, triggers: null });
    assert.equal(validator.has("name"), false);
    assert.deepEqual(validator.values, {});
    assert.deepEqual(validator.failures, [{ property: "name", reason: "`name` is required." }]);
  });

  it("refuses an empty string", () => {
    const [failure] = validate({ name: "" }).failures;
    assert.equal(failure?.reason, "`name` must not be empty; leave it out instead.");
  });

  it("reads values as they are", () => {
    const values = { name: "a", flag: false, number: 15, triggers: ["a", "b"], password: "p" };
    const validator = validate(values);
    assert.deepEqual([validator.values, validator.failures], [values, []]);
    assert.equal(validate({ number: 0 }).values.number, 0);
  });

  it("lets unknown values of every type pass", () => {
    const { values, failures } = validate({
      name: UNKNOWN,
      flag: UNKNOWN,
      number: UNKNOWN,
      triggers: UNKNOWN,
    });
    assert.deepEqual(failures, []);
    assert.deepEqual(values, { name: UNKNOWN, flag: UNKNOWN, number: UNKNOWN, triggers: [UNKNOWN] });
  });

  const wrong: [string, unknown][] = [
    ...[-1, 1.5, "3", Number.NaN].map((number): [string, unknown] => ["number", number]),
    ...[["a", 1], [null], {}, 1].map((triggers): [string, unknown] => ["triggers", triggers]),
    ...["yes", 1, []].map((flag): [string, unknown] => ["flag", flag]),
    ["number", []],
  ];
  for (const [name, value] of wrong) {
    it(`refuses ${JSON.stringify(value)} for \`${name}\``, () => {
      const { failures } = validate({ [name]: value });
      assert.equal(failures.length, 1);
      assert.match(failures[0]?.reason ?? "", new RegExp(`^\`${name}\` must be `));
    });
  }

  it("does not name a property whose value may be a secret, because the engine prints it", () => {
    for (const news of [{ password: 1 }, { triggers: [1] }]) {
      assert.deepEqual(
        validate(news).failures.map(({ property }) => property),
        [""],
      );
    }
  });

  it("lists the arguments where an unknown one resembles none", () => {
    const [failure] = validate({ somethingElse: 1 }).failures;
    assert.equal(
      failure?.reason,
      "WebCliSession has no argument `somethingElse`; it takes name, flag, number, triggers, password.",
    );
  });
});
